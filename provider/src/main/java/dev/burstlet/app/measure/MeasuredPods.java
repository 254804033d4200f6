package dev.burstlet.app.measure;

import dev.burstlet.engine.EngineMeter;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.HostedPod;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodStreams;
import java.util.List;
import java.util.Optional;

/** Pods on a host that measures for itself: what is told to it and by it is measured here. */
public record MeasuredPods(PodLifecycle pods, EngineMeter meter) implements PodLifecycle {
    @Override
    public void listen(PodListener listener) {
        pods.listen(new Measured(listener));
    }

    @Override
    public void createPod(PodBundle bundle) {
        meter.accepted(bundle.pod());
        pods.createPod(bundle);
    }

    @Override
    public void updatePod(PodBundle bundle) {
        pods.updatePod(bundle);
    }

    @Override
    public void deletePod(PodKey key, Deletion deletion) {
        pods.deletePod(key, deletion);
    }

    @Override
    public void failPod(PodKey key, Failure failure) {
        pods.failPod(key, failure);
    }

    @Override
    public Optional<HostedPod> getPod(PodKey key) {
        return pods.getPod(key);
    }

    @Override
    public Optional<PodReport> getPodStatus(PodKey key) {
        return pods.getPodStatus(key);
    }

    @Override
    public List<HostedPod> getPods() {
        return pods.getPods();
    }

    @Override
    public List<PodReport> getReports() {
        return pods.getReports();
    }

    @Override
    public HostDescription describeHost() {
        return pods.describeHost();
    }

    @Override
    public PodStreams streams() {
        return pods.streams();
    }

    @Override
    public HostStats stats() {
        return pods.stats();
    }

    @Override
    public void close() {
        pods.close();
    }

    private final class Measured implements PodListener {
        private final PodListener listener;

        Measured(PodListener listener) {
            this.listener = listener;
        }

        @Override
        public void podReported(PodReport report) {
            meter.reported(report);
            listener.podReported(report);
        }

        @Override
        public void podEvent(PodEvent event) {
            meter.happened(event);
            listener.podEvent(event);
        }

        @Override
        public void hostChanged(HostDescription description) {
            listener.hostChanged(description);
        }
    }
}
