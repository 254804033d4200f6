package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;

/**
 * Copies of objects of the Kubernetes model that are made for every pod again and again. The
 * client's builders copy all that is below too; these share it with the original, so only what is
 * set in the copy itself may change.
 */
public final class Copies {
    private Copies() {}

    /** Another status of the same lists. */
    public static PodStatus of(PodStatus status) {
        PodStatus copy = new PodStatus();
        copy.setAllocatedResources(status.getAllocatedResources());
        copy.setConditions(status.getConditions());
        copy.setContainerStatuses(status.getContainerStatuses());
        copy.setEphemeralContainerStatuses(status.getEphemeralContainerStatuses());
        copy.setExtendedResourceClaimStatus(status.getExtendedResourceClaimStatus());
        copy.setHostIP(status.getHostIP());
        copy.setHostIPs(status.getHostIPs());
        copy.setInitContainerStatuses(status.getInitContainerStatuses());
        copy.setMessage(status.getMessage());
        copy.setNodeAllocatableResourceClaimStatuses(
                status.getNodeAllocatableResourceClaimStatuses());
        copy.setNominatedNodeName(status.getNominatedNodeName());
        copy.setObservedGeneration(status.getObservedGeneration());
        copy.setPhase(status.getPhase());
        copy.setPodIP(status.getPodIP());
        copy.setPodIPs(status.getPodIPs());
        copy.setQosClass(status.getQosClass());
        copy.setReason(status.getReason());
        copy.setResize(status.getResize());
        copy.setResourceClaimStatuses(status.getResourceClaimStatuses());
        copy.setResources(status.getResources());
        copy.setStartTime(status.getStartTime());
        copy.setAdditionalProperties(status.getAdditionalProperties());
        return copy;
    }

    /** Another condition of the same words. */
    public static PodCondition of(PodCondition condition) {
        PodCondition copy = new PodCondition();
        copy.setLastProbeTime(condition.getLastProbeTime());
        copy.setLastTransitionTime(condition.getLastTransitionTime());
        copy.setMessage(condition.getMessage());
        copy.setObservedGeneration(condition.getObservedGeneration());
        copy.setReason(condition.getReason());
        copy.setStatus(condition.getStatus());
        copy.setType(condition.getType());
        copy.setAdditionalProperties(condition.getAdditionalProperties());
        return copy;
    }
}
