package dev.burstlet.engine.execute;

import dev.burstlet.engine.image.ImageSupply;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The images behind a pod's image volumes. */
final class ImageVolumes {
    private final ImageSupply images;

    ImageVolumes(ImageSupply images) {
        this.images = images;
    }

    /** What one that a container mounts has come to. */
    record Fetched(String volume, ImageSupply.Outcome outcome) {}

    /**
     * Brings those to the host that a container mounts; the last is the first that does not come.
     */
    List<Fetched> fetch(Container container, Job job) throws InterruptedException {
        Set<String> mounted =
                container.getVolumeMounts().stream()
                        .map(VolumeMount::getName)
                        .collect(Collectors.toSet());
        List<Fetched> all = new ArrayList<>();
        for (Volume volume : job.situation().spec().getVolumes()) {
            if (volume.getImage() != null && mounted.contains(volume.getName())) {
                ImageSupply.Outcome outcome = fetch(volume, job);
                all.add(new Fetched(volume.getName(), outcome));
                if (outcome instanceof ImageSupply.Outcome.Waiting) {
                    break;
                }
            }
        }
        return all;
    }

    private ImageSupply.Outcome fetch(Volume volume, Job job) throws InterruptedException {
        Container container =
                new ContainerBuilder()
                        .withName(volume.getName())
                        .withImage(volume.getImage().getReference())
                        .withImagePullPolicy(volume.getImage().getPullPolicy())
                        .build();
        return images.ensure(
                job.bundle(),
                container,
                (type, reason, message) -> job.tell(type, null, reason, message));
    }
}
