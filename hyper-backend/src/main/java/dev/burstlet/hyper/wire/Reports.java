package dev.burstlet.hyper.wire;

import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.pod.HostedPod;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a host tells of its pods, as messages. */
public final class Reports {
    private Reports() {}

    public static V1.PodReport report(PodReport report) {
        return V1.PodReport.newBuilder()
                .setKey(Bundles.key(report.key()))
                .setRevision(report.revision())
                .setStatus(Json.write(report.status()))
                .setStage(
                        switch (report.stage()) {
                            case ACTIVE -> V1.Stage.ACTIVE;
                            case TERMINATING -> V1.Stage.TERMINATING;
                            case FINISHED -> V1.Stage.FINISHED;
                            case REMOVED -> V1.Stage.REMOVED;
                        })
                .build();
    }

    /**
     * Reads a report.
     *
     * @throws IllegalArgumentException for a stage that this side does not know
     */
    public static PodReport report(V1.PodReport report) {
        return new PodReport(
                Bundles.key(report.getKey()),
                report.getRevision(),
                Json.read(report.getStatus(), PodStatus.class),
                switch (report.getStage()) {
                    case ACTIVE -> PodReport.Stage.ACTIVE;
                    case TERMINATING -> PodReport.Stage.TERMINATING;
                    case FINISHED -> PodReport.Stage.FINISHED;
                    case REMOVED -> PodReport.Stage.REMOVED;
                    case STAGE_UNSPECIFIED, UNRECOGNIZED ->
                            throw new IllegalArgumentException("report.stage: not known");
                });
    }

    public static V1.HostedPod hosted(HostedPod hosted) {
        Pod pod = hosted.pod();
        V1.HostedPod reported = reported(hosted);
        return pod == null ? reported : reported.toBuilder().setPod(Json.write(pod)).build();
    }

    /** The same without the pod as it was last bundled. */
    public static V1.HostedPod reported(HostedPod hosted) {
        return V1.HostedPod.newBuilder()
                .setKey(Bundles.key(hosted.key()))
                .setReport(report(hosted.report()))
                .build();
    }

    public static HostedPod hosted(V1.HostedPod hosted) {
        return new HostedPod(
                Bundles.key(hosted.getKey()),
                hosted.getPod().isEmpty() ? null : Json.read(hosted.getPod(), Pod.class),
                report(hosted.getReport()));
    }

    public static V1.EventUpdate event(PodEvent event) {
        V1.EventUpdate.Builder made =
                V1.EventUpdate.newBuilder()
                        .setKey(Bundles.key(event.key()))
                        .setWarning(event.type() == PodEvent.Type.WARNING)
                        .setReason(event.reason())
                        .setMessage(event.message())
                        .setTime(time(event.time()));
        String path = event.fieldPath();
        if (path != null) {
            made.setFieldPath(path);
        }
        return made.build();
    }

    public static PodEvent event(V1.EventUpdate event) {
        return new PodEvent(
                Bundles.key(event.getKey()),
                event.getWarning() ? PodEvent.Type.WARNING : PodEvent.Type.NORMAL,
                event.getReason(),
                event.getMessage(),
                event.hasFieldPath() ? event.getFieldPath() : null,
                time(event.getTime()));
    }

    public static V1.Time time(Instant instant) {
        return V1.Time.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    public static Instant time(V1.Time time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    static @Nullable Instant time(boolean given, V1.Time time) {
        return given ? time(time) : null;
    }
}
