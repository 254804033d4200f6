package dev.burstlet.hyper.event;

import dev.burstlet.container.Labels;
import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.proto.cri.ListContainersRequest;
import dev.burstlet.hyper.proto.cri.ListPodSandboxRequest;
import dev.burstlet.pod.BackendException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What changes between two lists a second apart, for runtimes without events, as a kubelet has it.
 */
final class PolledStates implements EventSource {
    private static final Duration STEP = Duration.ofSeconds(1);

    private final CriConnection connection;

    PolledStates(CriConnection connection) {
        this.connection = connection;
    }

    @Override
    public String listen(Listener listener) throws InterruptedException {
        Map<String, State> before = states();
        listener.connected();
        while (!listener.closed()) {
            Thread.sleep(STEP);
            try {
                Map<String, State> now = states();
                changed(before, now).forEach(listener::changed);
                before = now;
            } catch (BackendException e) {
                return String.valueOf(e.getMessage());
            }
        }
        return "closed";
    }

    private static Set<String> changed(Map<String, State> before, Map<String, State> now) {
        Set<String> pods = new HashSet<>();
        now.forEach((id, state) -> {
            if (!Objects.equals(before.get(id), state)) {
                pods.add(state.podUid());
            }
        });
        before.forEach((id, state) -> {
            if (!now.containsKey(id)) {
                pods.add(state.podUid());
            }
        });
        return pods;
    }

    /** Of whatever has a pod of ours, whoever owns it. */
    private Map<String, State> states() {
        Map<String, State> states = new HashMap<>();
        connection
                .runtime(
                        "list sandboxes",
                        stub -> stub.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()))
                .getItemsList()
                .forEach(one -> {
                    String uid = one.getLabelsOrDefault(Labels.POD_UID, "");
                    states.put(one.getId(), new State(uid, one.getStateValue()));
                });
        connection
                .runtime(
                        "list containers",
                        stub -> stub.listContainers(ListContainersRequest.getDefaultInstance()))
                .getContainersList()
                .forEach(one -> {
                    String uid = one.getLabelsOrDefault(Labels.POD_UID, "");
                    states.put(one.getId(), new State(uid, one.getStateValue()));
                });
        states.values().removeIf(state -> state.podUid().isEmpty());
        return states;
    }

    private record State(String podUid, int state) {}
}
