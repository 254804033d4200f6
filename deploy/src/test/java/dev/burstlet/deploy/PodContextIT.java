package dev.burstlet.deploy;

import static dev.burstlet.deploy.PodParts.condition;
import static dev.burstlet.deploy.PodParts.named;
import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import dev.burstlet.testing.NeedsServer;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a pod's containers see, and what changes under them while they run. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class PodContextIT {
    private static final String SLEEP = "image: $IMAGE, command: [sleep, '1000']";

    private World world;

    @BeforeAll
    void world() {
        world = World.get();
    }

    // ---- what a container sees ------------------------------------------------------------------

    @Test
    void theEnvironmentIsExpandedInTheKubeletsOrder() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "env",
                    """
                    restartPolicy: Never
                    containers:
                      - name: main
                        image: $IMAGE
                        command: [sh, -c, 'echo "$B|$M|$C|$IP|$0"', '$(A) $$(A) $(NONE)']
                        env:
                          - {name: A, value: a}
                          - {name: B, value: '$(A)-$(M)-$$(A)'}
                          - {name: M, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                          - {name: C, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                          - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                        resources: {limits: {cpu: 1200m}}
                    """);
            Pod pod = scene.awaitPhase("env", "Succeeded");
            assertThat(scene.kubectl("logs", "env").output())
                    .isEqualTo(
                            "a-$(M)-$(A)|env|2|%s|a $(A) $(NONE)\n"
                                    .formatted(pod.getStatus().getPodIP()));
        }
    }

    @Test
    void namesAndResolverAreThePods() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "names",
                    """
                    restartPolicy: Never
                    hostname: who
                    subdomain: sub
                    hostAliases: [{ip: 192.0.2.7, hostnames: [foo, bar]}]
                    dnsPolicy: None
                    dnsConfig: {nameservers: [192.0.2.53], searches: [example.org], options: [{name: ndots, value: '2'}]}
                    containers: [{name: main, image: $IMAGE, command: [sh, -c, 'hostname; cat /etc/hosts /etc/resolv.conf']}]
                    """);
            scene.awaitPhase("names", "Succeeded");
            assertThat(scene.kubectl("logs", "names").output())
                    .startsWith("who\n# Kubernetes-managed hosts file.\n")
                    .contains("who.sub." + scene.namespace() + ".svc.cluster.local\twho\n")
                    .contains("# Entries added by HostAliases.\n192.0.2.7\tfoo\tbar\n")
                    .contains("nameserver 192.0.2.53\nsearch example.org\noptions ndots:2\n");
        }
    }

    @Test
    void theSecurityContextIsTheProcesss() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "secure",
                    """
                    restartPolicy: Never
                    securityContext: {runAsUser: 1001, runAsGroup: 2002, fsGroup: 3003, supplementalGroups: [4004], seccompProfile: {type: RuntimeDefault}}
                    containers:
                      - name: main
                        image: $IMAGE
                        command: [sh, -c, 'id; stat -c "%a %g" /d; touch /x 2>/dev/null || echo read-only; grep -E "NoNewPrivs|CapBnd|Seccomp:" /proc/self/status']
                        securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
                        volumeMounts: [{name: d, mountPath: /d}]
                    volumes: [{name: d, emptyDir: {}}]
                    """);
            scene.awaitPhase("secure", "Succeeded");
            assertThat(scene.kubectl("logs", "secure").output())
                    .contains("uid=1001 gid=2002 groups=2002,3003,4004\n2777 3003\nread-only\n")
                    .containsPattern("CapBnd:\\s+0{16}\n")
                    .containsPattern("NoNewPrivs:\\s+1\n")
                    .containsPattern("Seccomp:\\s+2\n");
        }
    }

    @Test
    void rootIsRefusedWhereThePodSaysSo() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "root",
                    "containers: [{name: main, "
                            + SLEEP
                            + ", securityContext: {runAsNonRoot: true}}]");
            scene.awaitPod(
                    "root",
                    seen -> {
                        var waiting = named(seen, "main").getState().getWaiting();
                        assertThat(waiting.getReason()).isEqualTo("CreateContainerConfigError");
                        assertThat(waiting.getMessage())
                                .startsWith(
                                        "container has runAsNonRoot and image will run as root");
                    });
        }
    }

    // ---- while it runs --------------------------------------------------------------------------

    @Test
    void aPodWaitsForItsSecretAndThenStarts() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "waits",
                    "containers: [{name: main, "
                            + SLEEP
                            + ", volumeMounts: [{name: s, mountPath: /s}]}]\n"
                            + "volumes: [{name: s, secret: {secretName: later}}]");
            eventually(() -> assertThat(scene.events("waits", "FailedMount")).isNotEmpty());
            assertThat(condition(scene.pod("waits"), "PodReadyToStartContainers").getStatus())
                    .isEqualTo("False");
            scene.kubectl("create", "secret", "generic", "later", "--from-literal=k=v").output();
            scene.awaitReady("waits");
            assertThat(scene.kubectl("exec", "waits", "--", "cat", "/s/k").output()).isEqualTo("v");
        }
    }

    @Test
    @NeedsServer("1.33")
    void limitsChangeInPlace() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "grow",
                    "containers: [{name: main, "
                            + SLEEP
                            + ", resources: {limits: {cpu: 20m, memory: 20Mi}}}]");
            Pod before = scene.awaitReady("grow");
            String resize =
                    "{\"spec\":{\"containers\":[{\"name\":\"main\",\"resources\":"
                            + "{\"requests\":{\"memory\":\"40Mi\"},\"limits\":{\"memory\":\"40Mi\"}}}]}}";
            scene.kubectl("patch", "pod", "grow", "--subresource=resize", "-p", resize).output();
            Pod after =
                    scene.awaitPod(
                            "grow",
                            seen ->
                                    assertThat(named(seen, "main").getResources().getLimits())
                                            .hasEntrySatisfying(
                                                    "memory",
                                                    m -> assertThat(m).hasToString("40Mi")));
            assertThat(named(after, "main").getContainerID())
                    .isEqualTo(named(before, "main").getContainerID());
            assertThat(
                            scene.kubectl(
                                            "exec",
                                            "grow",
                                            "--",
                                            "sh",
                                            "-c",
                                            Cgroups.OWN_MEMORY_LIMIT)
                                    .output())
                    .isEqualTo("41943040\n");
        }
    }

    @Test
    void containersMayShareTheirProcesses() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "share",
                    "shareProcessNamespace: true\ncontainers: [{name: main, "
                            + SLEEP
                            + "}, {name: other, image: $IMAGE, command: [sleep, '1001']}]");
            scene.awaitReady("share");
            assertThat(scene.kubectl("exec", "share", "-c", "main", "--", "ps").output())
                    .contains("sleep 1000", "sleep 1001", "/pause");
        }
    }

    @Test
    @NeedsServer("1.35")
    void variablesComeFromAFileThatAnInitContainerWrote() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "file",
                    """
                    restartPolicy: Never
                    initContainers:
                      - name: writes
                        image: $IMAGE
                        command: [sh, -c, 'echo "A=$(Q)a \\$(B)$(Q)" >/d/own.env; chmod 600 /d/own.env']
                        env: [{name: Q, value: "'"}]
                        volumeMounts: [{name: d, mountPath: /d}]
                    containers:
                      - name: main
                        image: $IMAGE
                        command: [sh, -c, 'echo "$A|$B"; ls /d 2>&1']
                        env:
                          - {name: A, valueFrom: {fileKeyRef: {volumeName: d, path: own.env, key: A}}}
                          - {name: B, valueFrom: {fileKeyRef: {volumeName: d, path: other.env, key: A, optional: true}}}
                    volumes: [{name: d, emptyDir: {}}]
                    """);
            scene.awaitPhase("file", "Failed");
            assertThat(scene.kubectl("logs", "file").output())
                    .isEqualTo("a $(B)|\nls: /d: No such file or directory\n");
        }
    }

    @Test
    void anEphemeralVolumeIsTheClaimMadeForThePod() {
        try (Scene scene = world.scene()) {
            String volume = "ephemeral-" + scene.namespace();
            scene.createForAll(
                    """
                    apiVersion: v1
                    kind: PersistentVolume
                    metadata: {name: %s, annotations: {burstlet.dev/volume-driver: local}}
                    spec: {storageClassName: %s, accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, hostPath: {path: /nowhere}}
                    """
                            .formatted(volume, volume));
            String claim =
                    "ephemeral: {volumeClaimTemplate: {spec: {storageClassName: %s, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}"
                            .formatted(volume);
            String containers =
                    "containers: [{name: main, image: $IMAGE, command: [sh, -c, 'echo kept >/d/f; cat /d/f; sleep 1000'], volumeMounts: [{name: v, mountPath: /d}]}]\nvolumes: [{name: v, %s}]\n"
                            .formatted(claim);
            scene.create(
                    """
                    apiVersion: v1
                    kind: PersistentVolumeClaim
                    metadata: {name: other-v}
                    spec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                    """);
            PodParts.create(scene, "own", containers);
            PodParts.create(scene, "other", containers);
            scene.awaitReady("own");
            assertThat(scene.kubectl("logs", "own").output()).isEqualTo("kept\n");
            eventually(() ->
                    assertThat(scene.events("other", "FailedMount"))
                            .contains(
                                    "MountVolume.SetUp failed for volume \"v\" : PVC %s/other-v was not created for pod %s/other (pod is not owner)"
                                            .formatted(scene.namespace(), scene.namespace())));
            scene.closeAndAwait();
            scene.client().persistentVolumes().withName(volume).delete();
            world.docker().run("volume", "rm", "-f", volume).output();
        }
    }
}
