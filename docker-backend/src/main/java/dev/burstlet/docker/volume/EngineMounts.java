package dev.burstlet.docker.volume;

import com.github.dockerjava.api.model.BindOptions;
import com.github.dockerjava.api.model.BindPropagation;
import com.github.dockerjava.api.model.Driver;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.burstlet.container.ContainerSpec.Propagation;
import java.util.Map;

/** Mounts as the engine takes them, with the options that docker-java does not know. */
final class EngineMounts {
    private EngineMounts() {}

    /** A whole volume; the image's content at that path is never copied into it. */
    static Mount volume(String name, String target, boolean readOnly) {
        return mount(MountType.VOLUME, name, target, readOnly)
                .withVolumeOptions(new VolumeOptions().withNoCopy(true));
    }

    /** A volume in RAM, which the engine makes with the container that it is mounted in first. */
    static Mount tmpfs(String name, Map<String, String> labels, String options, String target) {
        Driver driver =
                new Driver()
                        .withName("local")
                        .withOptions(Map.of("type", "tmpfs", "device", "tmpfs", "o", options));
        return mount(MountType.VOLUME, name, target, false)
                .withVolumeOptions(
                        new VolumeOptions()
                                .withNoCopy(true)
                                .withLabels(labels)
                                .withDriverConfig(driver));
    }

    /** Part of a volume, for an engine whose API can. */
    static Mount subpath(String name, String path, String target, boolean readOnly) {
        VolumeOptions options = new WithMore(Map.of("Subpath", path));
        return mount(MountType.VOLUME, name, target, readOnly)
                .withVolumeOptions(options.withNoCopy(true));
    }

    /** A path of the engine's host. */
    static Mount bind(
            String source,
            String target,
            boolean readOnly,
            boolean recursive,
            Propagation propagation,
            VolumeFeatures features) {
        Map<String, Object> more =
                readOnly && features.recursiveReadOnly()
                        ? Map.of(
                                recursive ? "ReadOnlyForceRecursive" : "ReadOnlyNonRecursive", true)
                        : Map.of();
        BindOptions options = new BindWithMore(more);
        switch (propagation) {
            // The engine's default is private, and slave for what is beneath its own root.
            case NONE -> {}
            case HOST_TO_CONTAINER -> options.withPropagation(BindPropagation.R_SLAVE);
            case BIDIRECTIONAL -> options.withPropagation(BindPropagation.R_SHARED);
        }
        return mount(MountType.BIND, source, target, readOnly).withBindOptions(options);
    }

    /** A path of the engine's host, writable, as the tool sees it. */
    static Mount hostPath(String source, String target) {
        return bind(
                source, target, false, false, Propagation.NONE, new VolumeFeatures(false, false));
    }

    private static Mount mount(MountType type, String source, String target, boolean readOnly) {
        return new Mount()
                .withType(type)
                .withSource(source)
                .withTarget(target)
                .withReadOnly(readOnly);
    }

    private static final class WithMore extends VolumeOptions {
        private static final long serialVersionUID = 1L;

        private final transient Map<String, Object> more;

        WithMore(Map<String, Object> more) {
            this.more = more;
        }

        @Override
        public Map<String, Object> getRawValues() {
            return more;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private static final class BindWithMore extends BindOptions {
        private static final long serialVersionUID = 1L;

        private final transient Map<String, Object> more;

        BindWithMore(Map<String, Object> more) {
            this.more = more;
        }

        @Override
        public Map<String, Object> getRawValues() {
            return more;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
