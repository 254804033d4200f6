package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What pods mount, as their containers see it, on a real Docker Engine. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class VolumesIT {
    private static final String UNTIL_TOLD = "trap 'exit 0' TERM; sleep 1000 & wait";
    private static final String CONFIG_MAP =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: cm}
            data: {data-1: value-1, data-2: value-2}
            binaryData: {raw: 3q2+7wA=}
            """;
    private static final String SECRET =
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: sec}
            stringData: {data-1: secret-1}
            """;

    private World world;

    @BeforeAll
    void world() {
        world = World.get();
    }

    @Test
    void anEmptyDirIsOpenToAllAndOfItsMedium() {
        try (Scene scene = world.scene()) {
            String seen =
                    logOf(
                            scene,
                            """
                            securityContext: {runAsUser: 1001, fsGroup: 123}
                            volumes:
                              - {name: disk, emptyDir: {}}
                              - {name: ram, emptyDir: {medium: Memory, sizeLimit: 10Mi}}
                            """,
                            "{name: disk, mountPath: /disk}, {name: ram, mountPath: /ram}",
                            """
                            for d in /disk /ram; do
                              touch $d/f && chmod 644 $d/f
                              stat -c '%n %a %u %g' $d $d/f
                            done
                            stat -f -c %T /ram
                            dd if=/dev/zero of=/ram/big bs=1M count=20 2>&1 | grep -o 'No space left'
                            """);
            assertThat(seen)
                    .contains("/disk 2777 0 123\n", "/disk/f 644 1001 123\n")
                    .contains("/ram 3777 0 123\n", "/ram/f 644 1001 123\n")
                    .contains("tmpfs\n", "No space left\n");
        }
    }

    @Test
    void whatAPodHasWrittenGoesWithItsEnd() {
        try (Scene scene = world.scene()) {
            scene.create(
                    """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: ended}
                    spec:
                      nodeName: $NODE
                      restartPolicy: Never
                      volumes: [{name: disk, emptyDir: {}}]
                      containers:
                        - name: main
                          image: $IMAGE
                          command: [sh, -c, "mkdir /disk/d; echo much > /disk/d/f; echo done"]
                          volumeMounts: [{name: disk, mountPath: /disk}]
                    """);
            String uid = scene.awaitPhase("ended", "Succeeded").getMetadata().getUid();
            List<String> line =
                    new ArrayList<>(List.of("volume", "inspect", "-f", "{{.Mountpoint}}"));
            world.docker()
                    .run("volume", "ls", "-q", "--filter", "label=" + Docker.ofPod(uid))
                    .output()
                    .lines()
                    .forEach(line::add);
            String places = world.docker().run(line.toArray(String[]::new)).output();
            assertThat(places.lines()).hasSizeGreaterThan(1);
            eventually(() ->
                    assertThat(places.lines().map(Path::of))
                            .allSatisfy(place -> assertThat(place).isEmptyDirectory()));
            assertThat(scene.kubectl("logs", "ended").output()).isEqualTo("done\n");
        }
    }

    @Test
    void aConfigMapHasTheAtomicLayoutAndItsModes() {
        try (Scene scene = world.scene()) {
            scene.create(CONFIG_MAP);
            String seen =
                    logOf(
                            scene,
                            """
                            volumes:
                              - {name: all, configMap: {name: cm, defaultMode: 0440}}
                              - name: one
                                configMap:
                                  name: cm
                                  items: [{key: data-1, path: a/b, mode: 0400}]
                            """,
                            "{name: all, mountPath: /all}, {name: one, mountPath: /one}",
                            """
                            readlink /all/data-1
                            stat -L -c '%n %a' /all/data-1 /one/a/b
                            cat /all/data-1 /one/a/b; ls /one
                            xxd -p /all/raw
                            touch /all/x 2>&1 || echo refused
                            """);
            assertThat(seen)
                    .contains("..data/data-1\n", "/all/data-1 440\n", "/one/a/b 400\n")
                    .contains("value-1value-1a\n", "deadbeef00\n", "refused\n");
        }
    }

    @Test
    void aSecretIsInRamAndReadableForItsGroup() {
        try (Scene scene = world.scene()) {
            scene.create(SECRET);
            String seen =
                    logOf(
                            scene,
                            """
                            securityContext: {runAsUser: 1001, fsGroup: 1002}
                            volumes:
                              - {name: sec, secret: {secretName: sec, defaultMode: 0400}}
                            """,
                            "{name: sec, mountPath: /sec}",
                            """
                            stat -L -c '%a %u %g' /sec/data-1
                            stat -f -c %T /sec/data-1
                            cat /sec/data-1
                            """);
            assertThat(seen).isEqualTo("440 0 1002\ntmpfs\nsecret-1");
        }
    }

    @Test
    void changesReachARunningPodButNotItsSubPaths() {
        try (Scene scene = world.scene()) {
            scene.create(CONFIG_MAP);
            scene.create(
                    mounting(
                            "live",
                            """
                            volumes:
                              - {name: cm, configMap: {name: cm}}
                              - {name: late, configMap: {name: late, optional: true}}
                              - name: me
                                downwardAPI:
                                  items: [{path: colour, fieldRef: {fieldPath: "metadata.labels['colour']"}}]
                            """,
                            "{name: cm, mountPath: /cm}, {name: late, mountPath: /late},"
                                    + " {name: me, mountPath: /me},"
                                    + " {name: cm, mountPath: /one, subPath: data-1}",
                            UNTIL_TOLD));
            scene.awaitReady("live");
            scene.kubectl(
                            "patch",
                            "cm",
                            "cm",
                            "-p",
                            "{\"data\":{\"data-1\":\"new\",\"data-2\":null}}")
                    .output();
            scene.kubectl("create", "cm", "late", "--from-literal=key=there").output();
            scene.kubectl("label", "pod", "live", "colour=red").output();
            eventually(() ->
                    assertThat(
                                    inside(
                                            scene,
                                            "live",
                                            "cat /cm/data-1 /late/key /me/colour; ls /cm; cat /one"))
                            .isEqualTo("newtherereddata-1\nraw\nvalue-1"));
        }
    }

    @Test
    void aMissingObjectKeepsThePodWaitingUntilItIsThere() {
        try (Scene scene = world.scene()) {
            scene.create(
                    mounting(
                            "waits",
                            "volumes: [{name: sec, secret: {secretName: sec}}]\n",
                            "{name: sec, mountPath: /sec}",
                            UNTIL_TOLD));
            eventually(() ->
                    assertThat(scene.events("waits", "FailedMount"))
                            .contains(
                                    "MountVolume.SetUp failed for volume \"sec\" : secret \"sec\" not found"));
            scene.create(SECRET);
            scene.awaitReady("waits");
            assertThat(inside(scene, "waits", "cat /sec/data-1")).isEqualTo("secret-1");
        }
    }

    /** There is no such export, and on most machines that test no client for it either. */
    @Test
    void anExportThatCannotBeMountedIsToldOfItsVolume() {
        try (Scene scene = world.scene()) {
            scene.create(
                    mounting(
                            "exported",
                            "volumes: [{name: v, nfs: {server: 127.0.0.1, path: /none}}]\n",
                            "{name: v, mountPath: /v}",
                            UNTIL_TOLD));
            eventually(() ->
                    assertThat(scene.events("exported", "FailedMount"))
                            .anyMatch(message ->
                                    message.startsWith(
                                            "MountVolume.SetUp failed for volume \"v\" :"
                                                    + " failed to mount local volume: mount :/none")));
            assertThat(scene.pod("exported").getStatus().getPhase()).isEqualTo("Pending");
        }
    }

    @Test
    void theDownwardApiShowsThePodAndTheNodesAmounts() {
        try (Scene scene = world.scene()) {
            String cpus =
                    Objects.requireNonNull(
                                    scene.client()
                                            .nodes()
                                            .withName(World.NODE)
                                            .get()
                                            .getStatus()
                                            .getAllocatable()
                                            .get("cpu"))
                            .getNumericalAmount()
                            .toBigInteger()
                            .toString();
            String seen =
                    logOf(
                            scene,
                            """
                            volumes:
                              - name: me
                                downwardAPI:
                                  items:
                                    - {path: name, mode: 0400, fieldRef: {fieldPath: metadata.name}}
                                    - path: cpus
                                      resourceFieldRef: {containerName: main, resource: limits.cpu}
                            """,
                            "{name: me, mountPath: /me}",
                            "stat -L -c %a /me/name; cat /me/name; echo; cat /me/cpus");
            assertThat(seen).isEqualTo("400\npod\n" + cpus);
        }
    }

    @Test
    void aProjectedVolumeJoinsItsSources() {
        try (Scene scene = world.scene()) {
            scene.create(CONFIG_MAP);
            scene.create(SECRET);
            String seen =
                    logOf(
                            scene,
                            """
                            securityContext: {runAsUser: 1001, fsGroup: 1002}
                            volumes:
                              - name: all
                                projected:
                                  sources:
                                    - configMap: {name: cm, items: [{key: data-1, path: c/1}]}
                                    - secret: {name: sec, items: [{key: data-1, path: s/1}]}
                                    - downwardAPI:
                                        items: [{path: n, fieldRef: {fieldPath: metadata.name}}]
                                    - serviceAccountToken: {path: token, audience: vault}
                            """,
                            "{name: all, mountPath: /all}",
                            """
                            cat /all/c/1 /all/s/1 /all/n; echo
                            stat -L -c '%a %u %g' /all/token
                            """);
            assertThat(seen).isEqualTo("value-1secret-1pod\n640 1001 1002\n");
        }
    }

    @Test
    void aTokenIsThePodsOwn() {
        try (Scene scene = world.scene()) {
            Pod pod = scene.shell("who", UNTIL_TOLD);
            scene.awaitReady("who");
            String folder = "/var/run/secrets/kubernetes.io/serviceaccount";
            String token = inside(scene, "who", "cat " + folder + "/token");
            TokenReview review =
                    scene.client()
                            .tokenReviews()
                            .create(
                                    new TokenReviewBuilder()
                                            .withNewSpec()
                                            .withToken(token)
                                            .endSpec()
                                            .build());
            var user = review.getStatus().getUser();
            assertThat(user.getUsername())
                    .isEqualTo("system:serviceaccount:" + scene.namespace() + ":default");
            assertThat(user.getExtra().get("authentication.kubernetes.io/pod-uid"))
                    .containsExactly(pod.getMetadata().getUid());
            assertThat(inside(scene, "who", "cat " + folder + "/namespace; ls " + folder))
                    .isEqualTo(scene.namespace() + "ca.crt\nnamespace\ntoken\n");
        }
    }

    @Test
    void aSubPathIsMadeExpandedAndMountedAlone() {
        try (Scene scene = world.scene()) {
            scene.create(CONFIG_MAP);
            String seen =
                    logOf(
                            scene,
                            """
                            volumes: [{name: v, emptyDir: {}}, {name: cm, configMap: {name: cm}}]
                            """,
                            "{name: v, mountPath: /sub, subPathExpr: $(HOSTNAME_OF)/x},"
                                    + " {name: v, mountPath: /all},"
                                    + " {name: cm, mountPath: /etc/passwd, subPath: data-1}",
                            "echo hi >/sub/f; cat /all/pod/x/f /etc/passwd");
            assertThat(seen).isEqualTo("hi\nvalue-1");
        }
    }

    @Test
    void aSubPathThatCannotBeIsRefusedAsTheKubeletDoes() {
        try (Scene scene = world.scene()) {
            scene.create(
                    mounting(
                            "expr",
                            "volumes: [{name: v, emptyDir: {}}]\n",
                            "{name: v, mountPath: /sub, subPathExpr: $(NOTHING)}",
                            UNTIL_TOLD));
            scene.create(
                    mounting(
                            "link",
                            """
                            initContainers:
                              - name: plant
                                image: $IMAGE
                                command: [sh, -c, ln -s /etc /v/link]
                                volumeMounts: [{name: v, mountPath: /v}]
                            volumes: [{name: v, emptyDir: {}}]
                            """,
                            "{name: v, mountPath: /sub, subPath: link}",
                            UNTIL_TOLD));
            scene.awaitPod(
                    "expr",
                    pod -> assertThat(waiting(pod)).isEqualTo("CreateContainerConfigError"));
            eventually(() ->
                    assertThat(scene.events("link", "Failed"))
                            .anyMatch(message ->
                                    message.startsWith("Error: failed to prepare subPath")));
            assertThat(scene.pod("link").getStatus().getPhase()).isEqualTo("Pending");
        }
    }

    @Test
    void theHostsFileIsThePodsUnlessItBringsItsOwn() {
        try (Scene scene = world.scene()) {
            scene.create(CONFIG_MAP);
            String managed =
                    logOf(
                            scene,
                            """
                            hostAliases: [{ip: 192.0.2.7, hostnames: [foo, bar]}]
                            volumes: []
                            """,
                            "",
                            "cat /etc/hosts");
            assertThat(managed)
                    .startsWith("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n")
                    .contains("\tpod\n", "192.0.2.7\tfoo\tbar\n");
        }
    }

    @Test
    void aContainerThatStartsAgainFindsTheHostsFileAsItWasMade() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "again",
                    """
                    restartPolicy: OnFailure
                    containers:
                      - name: main
                        image: $IMAGE
                        command: [sh, -c, 'cat /etc/hosts; test -e /v/second && exit; touch /v/second; echo 192.0.2.9 mine >>/etc/hosts; exit 1']
                        volumeMounts: [{name: v, mountPath: /v}]
                    volumes: [{name: v, emptyDir: {}}]
                    """);
            scene.awaitPhase("again", "Succeeded");
            assertThat(scene.kubectl("logs", "again").output())
                    .startsWith("# Kubernetes-managed hosts file.\n")
                    .doesNotContain("mine");
        }
    }

    @Test
    void volumesNestInOneAnother() {
        try (Scene scene = world.scene()) {
            scene.create(CONFIG_MAP);
            scene.create(SECRET);
            String seen =
                    logOf(
                            scene,
                            """
                            volumes:
                              - {name: v, emptyDir: {}}
                              - {name: cm, configMap: {name: cm}}
                              - {name: sec, secret: {secretName: sec}}
                            """,
                            "{name: sec, mountPath: /v/s}, {name: v, mountPath: /v},"
                                    + " {name: cm, mountPath: /v/c},"
                                    + " {name: cm, mountPath: /c},"
                                    + " {name: v, mountPath: /c/v/deep},"
                                    + " {name: sec, mountPath: /c/v/deep/sec},"
                                    + " {name: v, mountPath: /var/run/secrets/kubernetes.io/serviceaccount/mine}",
                            "echo x >/v/f; cat /v/f /v/s/data-1 /v/c/data-1 /c/data-2"
                                    + " /c/v/deep/f /c/v/deep/sec/data-1;"
                                    + " ls /var/run/secrets/kubernetes.io/serviceaccount/mine");
            assertThat(seen).isEqualTo("x\nsecret-1value-1value-2x\nsecret-1c\nf\ns\nsec\n");
        }
    }

    @Test
    void nothingIsLeftOfAPodsVolumes() {
        try (Scene scene = world.scene()) {
            scene.create(SECRET);
            Pod pod =
                    (Pod)
                            scene.create(
                                    mounting(
                                            "gone",
                                            """
                                            volumes:
                                              - {name: v, emptyDir: {}}
                                              - {name: ram, emptyDir: {medium: Memory}}
                                              - {name: sec, secret: {secretName: sec}}
                                            """,
                                            "{name: v, mountPath: /v, subPath: deep/er},"
                                                    + " {name: ram, mountPath: /ram},"
                                                    + " {name: sec, mountPath: /sec}",
                                            UNTIL_TOLD));
            scene.awaitReady("gone");
            assertThat(volumesOf(pod)).isNotEmpty();
            scene.kubectl("delete", "pod", "gone", "--wait=false").output();
            scene.awaitGone("gone");
            eventually(() -> assertThat(volumesOf(pod)).isEmpty());
        }
    }

    private String volumesOf(Pod pod) {
        String label = "label=" + Docker.ofPod(pod.getMetadata().getUid());
        return world.docker().run("volume", "ls", "-q", "--filter", label).output();
    }

    /** What a pod named {@code pod} says that runs a script to its end. */
    private static String logOf(Scene scene, String spec, String mounts, String script) {
        scene.create(mounting("pod", "restartPolicy: Never\n" + spec, mounts, script));
        scene.awaitPod(
                "pod", pod -> assertThat(pod.getStatus().getPhase()).isIn("Succeeded", "Failed"));
        return scene.kubectl("logs", "pod").output();
    }

    private static String mounting(String name, String spec, String mounts, String script) {
        return Scene.shellPod(name, script, spec.indent(2))
                + """
                      env: [{name: HOSTNAME_OF, value: pod}]
                      volumeMounts: [%s]
                """
                        .formatted(mounts);
    }

    private static String inside(Scene scene, String pod, String script) {
        return scene.kubectl("exec", pod, "--", "sh", "-c", script).output();
    }

    private static String waiting(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(status -> status.getState().getWaiting())
                .filter(Objects::nonNull)
                .map(ContainerStateWaiting::getReason)
                .findFirst()
                .orElse("");
    }
}
