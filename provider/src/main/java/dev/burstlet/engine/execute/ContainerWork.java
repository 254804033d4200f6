package dev.burstlet.engine.execute;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.Owner;
import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.engine.desired.PodTranslator;
import dev.burstlet.engine.plan.Action;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.plan.ResizePlan;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Work on a container that is there. */
final class ContainerWork {
    private final ContainerEngine engine;
    private final Owner owner;
    private final Supplier<PodTranslator> translator;

    ContainerWork(ContainerEngine engine, Owner owner, Supplier<PodTranslator> translator) {
        this.engine = engine;
        this.owner = owner;
        this.translator = translator;
    }

    UnaryOperator<PodMemory> stop(Action.StopContainer action, Job job) {
        try {
            engine.stopContainer(action.containerId(), action.grace());
            return memory -> memory;
        } catch (BackendException e) {
            if (Thread.currentThread().isInterrupted()) {
                return memory -> memory;
            }
            job.warning(null, "FailedKillPod", "error killing container: " + e.getMessage());
            return memory ->
                    memory.instance(action.containerId(), i -> i.killing(job.again(i.killing())));
        }
    }

    UnaryOperator<PodMemory> remove(Action.RemoveContainer action, Job job) {
        try {
            engine.removeContainer(action.containerId());
        } catch (BackendException e) {
            // It is tried again with the next plan; meanwhile it is in nobody's way.
            job.warning(
                    null, "FailedRemoveContainer", "error removing container: " + e.getMessage());
        }
        return memory -> memory;
    }

    UnaryOperator<PodMemory> resize(Action.Resize action, Job job) {
        try {
            Resources resources = translator.get().resources(job.bundle(), action.name());
            refuseBelowUse(action, resources, job);
            limitTogether(job, true);
            engine.updateContainerResources(action.containerId(), resources);
            shrinkTogether(action, job);
            return memory -> memory.instance(action.containerId(), i -> i.resized(resources));
        } catch (BackendException e) {
            String message = String.valueOf(e.getMessage());
            job.warning(job.member(action.name()).fieldPath(), "ResizeError", message);
            return memory ->
                    memory.instance(
                            action.containerId(),
                            i -> i.resizeFailed(job.setback(i.resizeFailure(), "Error", message)));
        }
    }

    /**
     * A limit below what is in use would end the container. Only a lower limit is looked at: with
     * the pages of files that it has read a container may well use all that it may. Where the
     * engine does not tell, the kernel has the last word.
     */
    private void refuseBelowUse(Action.Resize action, Resources wanted, Job job) {
        if (!ResizePlan.lowersMemory(job.situation(), job.memory(), action.name())) {
            return;
        }
        long limit = wanted.memoryBytes();
        engine.stats(owner).containers().stream()
                .filter(one -> one.containerId().equals(action.containerId()))
                .map(one -> one.usage().memoryUsageBytes())
                .flatMap(Stream::ofNullable)
                .filter(used -> used >= limit)
                .findFirst()
                .ifPresent(used -> {
                    throw new BackendException(
                            Reason.CONFLICT,
                            "cannot decrease memory limits: attempting to set container \"%s\" memory limit (%d) below current usage (%d)"
                                    .formatted(action.name(), limit, used));
                });
    }

    /** A container that still waits for its own change may not fit into what is left. */
    private void shrinkTogether(Action.Resize action, Job job) {
        try {
            limitTogether(job, false);
        } catch (BackendException e) {
            boolean last =
                    job.situation().members().stream()
                            .map(Member::name)
                            .filter(name -> !name.equals(action.name()))
                            .noneMatch(name ->
                                    ResizePlan.pending(job.situation(), job.memory(), name));
            if (last) {
                throw e;
            }
        }
    }

    private void limitTogether(Job job, boolean raise) {
        SandboxSpec pod = translator.get().sandbox(job.bundle(), 0);
        job.situation()
                .observed()
                .readySandbox()
                .ifPresent(sandbox ->
                        engine.updateSandboxResources(
                                sandbox.id(), job.key(), pod.resources(), pod.overhead(), raise));
    }
}
