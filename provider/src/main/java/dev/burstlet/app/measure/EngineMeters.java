package dev.burstlet.app.measure;

import dev.burstlet.engine.EngineMeter;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;

/** Several meters of one engine. */
public record EngineMeters(List<EngineMeter> all) implements EngineMeter {
    public EngineMeters {
        all = List.copyOf(all);
    }

    @Override
    public void seen(Pod pod) {
        all.forEach(meter -> meter.seen(pod));
    }

    @Override
    public void gone(Pod pod) {
        all.forEach(meter -> meter.gone(pod));
    }

    @Override
    public void accepted(Pod pod) {
        all.forEach(meter -> meter.accepted(pod));
    }

    @Override
    public void worked(String operation, long nanos) {
        all.forEach(meter -> meter.worked(operation, nanos));
    }

    @Override
    public void acted(PodKey pod, String action, Instant begun, Instant ended) {
        all.forEach(meter -> meter.acted(pod, action, begun, ended));
    }

    @Override
    public void reported(PodReport report) {
        all.forEach(meter -> meter.reported(report));
    }

    @Override
    public void happened(PodEvent event) {
        all.forEach(meter -> meter.happened(event));
    }
}
