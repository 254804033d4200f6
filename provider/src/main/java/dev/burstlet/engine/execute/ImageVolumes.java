package dev.burstlet.engine.execute;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.engine.desired.VolumeNotReadyException;
import dev.burstlet.engine.image.ImageSupply;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.HashMap;
import java.util.Map;

/** The images behind a pod's image volumes. */
final class ImageVolumes {
    private final ContainerEngine engine;
    private final ImageSupply images;

    ImageVolumes(ContainerEngine engine, ImageSupply images) {
        this.engine = engine;
        this.images = images;
    }

    /**
     * Brings them to the host; by volume name.
     *
     * @throws VolumeNotReadyException for the first that does not come
     */
    Map<String, ImageInfo> fetch(Job job) throws InterruptedException {
        Map<String, ImageInfo> found = new HashMap<>();
        for (Volume volume : job.situation().spec().getVolumes()) {
            if (volume.getImage() != null) {
                found.put(volume.getName(), fetch(volume, job));
            }
        }
        return found;
    }

    private ImageInfo fetch(Volume volume, Job job) throws InterruptedException {
        Container container =
                new ContainerBuilder()
                        .withName(volume.getName())
                        .withImage(volume.getImage().getReference())
                        .withImagePullPolicy(volume.getImage().getPullPolicy())
                        .build();
        ImageSupply.Outcome outcome =
                images.ensure(
                        job.bundle(),
                        container,
                        (type, reason, message) -> job.tell(type, null, reason, message));
        return switch (outcome) {
            case ImageSupply.Outcome.Present present -> present.image();
            case ImageSupply.Outcome.Waiting waiting ->
                    throw new VolumeNotReadyException(
                            volume.getName(), waiting.reason() + ": " + waiting.message());
        };
    }

    /** Those that are on the host, by volume name. */
    Map<String, ImageInfo> present(Job job) {
        Map<String, ImageInfo> found = new HashMap<>();
        for (Volume volume : job.situation().spec().getVolumes()) {
            if (volume.getImage() != null) {
                engine.imageStatus(volume.getImage().getReference())
                        .ifPresent(image -> found.put(volume.getName(), image));
            }
        }
        return found;
    }
}
