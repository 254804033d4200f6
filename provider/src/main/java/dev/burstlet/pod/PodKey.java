package dev.burstlet.pod;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * The identity of a pod: its UID. Namespace and name are carried for people, but a pod of the same
 * name with another UID is another pod, so both take part in equality.
 */
public record PodKey(String namespace, String name, String uid) {
    public PodKey {
        namespace = Slim.word(requireNonNull(namespace, "namespace"));
        name = Slim.word(requireNonNull(name, "name"));
        uid = Slim.word(requireNonNull(uid, "uid"));
    }

    public static PodKey of(HasMetadata pod) {
        return new PodKey(
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                pod.getMetadata().getUid());
    }

    @Override
    public String toString() {
        return namespace + "/" + name + "(" + uid + ")";
    }
}
