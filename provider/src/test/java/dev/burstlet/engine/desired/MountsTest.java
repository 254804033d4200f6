package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.ContainerSpec.Mount;
import dev.burstlet.container.ContainerSpec.Propagation;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.pod.PodBundle;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MountsTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("POD", "web", "DIR", "a/b", "EMPTY", "", "UP", "../x", "ROOT", "/x");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {name: data, mountPath: /data}                                  | ''      | /data | false | false | NONE
                    {name: data, mountPath: data/./x//}                             | ''      | /data/x | false | false | NONE
                    {name: data, mountPath: /data, readOnly: true}                  | ''      | /data | true  | false | NONE
                    {name: data, mountPath: /data, subPath: a/./b}                  | a/b     | /data | false | false | NONE
                    {name: data, mountPath: /data, subPathExpr: "$(POD)/$(DIR)/c"}  | web/a/b/c | /data | false | false | NONE
                    {name: data, mountPath: /data, subPathExpr: "$$(POD)"}          | $(POD)  | /data | false | false | NONE
                    {name: data, mountPath: /data, mountPropagation: None}          | ''      | /data | false | false | NONE
                    {name: data, mountPath: /data, mountPropagation: HostToContainer} | ''    | /data | false | false | HOST_TO_CONTAINER
                    {name: data, mountPath: /data, mountPropagation: Bidirectional} | ''      | /data | false | false | BIDIRECTIONAL
                    {name: data, mountPath: /data, readOnly: true, recursiveReadOnly: Enabled}    | '' | /data | true | true  | NONE
                    {name: data, mountPath: /data, readOnly: true, recursiveReadOnly: IfPossible} | '' | /data | true | true  | NONE
                    {name: data, mountPath: /data, readOnly: true, recursiveReadOnly: Disabled}   | '' | /data | true | false | NONE
                    {name: conf, mountPath: /conf}                                  | ''      | /conf | true  | false | NONE
                    {name: share, mountPath: /share}                                | ''      | /share | true | false | NONE
                    {name: claim, mountPath: /claim}                                | ''      | /claim | true | false | NONE
                    """)
    void mounts(
            String mount,
            String subPath,
            String path,
            boolean readOnly,
            boolean recursive,
            Propagation propagation) {
        String volume = mount.replaceAll("\\{name: ([a-z]+),.*", "$1");

        assertThat(mounts(mount, Bundles.engine()))
                .contains(new Mount(volume, subPath, path, readOnly, recursive, propagation));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {name: none, mountPath: /x}                               | cannot find volume "none" to mount into container "main"
                    {name: data, mountPath: /x, subPath: /abs}                | error SubPath `/abs` must not be an absolute path
                    {name: data, mountPath: /x, subPath: a/../b}              | unable to provision SubPath `a/../b`: must not contain '..'
                    {name: data, mountPath: /x, subPathExpr: $(UP)}           | unable to provision SubPath `../x`: must not contain '..'
                    {name: data, mountPath: /x, subPathExpr: $(ROOT)}         | error SubPath `/x` must not be an absolute path
                    {name: data, mountPath: /x, subPathExpr: "$(NO)/$(EMPTY)"} | missing value for EMPTY, NO
                    {name: data, mountPath: /x, mountPropagation: Odd}        | invalid MountPropagation mode: "Odd"
                    {name: data, mountPath: /x, recursiveReadOnly: Enabled}   | failed to resolve recursive read-only mode: volume "data" requested recursive read-only mode, but it is not read-only
                    {name: data, mountPath: /x, readOnly: true, recursiveReadOnly: Enabled, mountPropagation: HostToContainer} | failed to resolve recursive read-only mode: volume "data" requested recursive read-only mode, but it is not compatible with propagation "HostToContainer"
                    {name: data, mountPath: /x, readOnly: true, recursiveReadOnly: Odd} | failed to resolve recursive read-only mode: unknown recursive read-only mode "Odd"
                    """)
    void refuses(String mount, String message) {
        assertThatThrownBy(() -> mounts(mount, Bundles.engine()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @Test
    void whatTheEngineCannotDoIsRefused() {
        EngineInfo poor = Bundles.engine(Set.of());

        assertThatThrownBy(() ->
                        mounts(
                                "{name: data, mountPath: /x, mountPropagation: Bidirectional}",
                                poor))
                .hasMessage(
                        "volumeMounts.mountPropagation Bidirectional is not supported by this host's engine");
    }

    @Test
    void recursiveReadOnlyIsTheHandlersMatter() {
        String spec =
                """
                runtimeClassName: vm
                volumes: [{name: data, emptyDir: {}}]
                containers: [{name: main, image: app, volumeMounts:
                  [{name: data, mountPath: /x, readOnly: true, recursiveReadOnly: %s}]}]
                """;
        PodBundle possible =
                Bundles.pod(spec.formatted("IfPossible")).runtimeHandler("kata").build();
        PodBundle enabled = Bundles.pod(spec.formatted("Enabled")).runtimeHandler("kata").build();

        assertThat(mounts(possible, Bundles.engine()).getFirst().recursiveReadOnly()).isFalse();
        assertThatThrownBy(() -> mounts(enabled, Bundles.engine()))
                .hasMessageEndingWith("but it is not supported by the runtime");
    }

    @Test
    void volumeDevicesAreRefused() {
        PodBundle bundle =
                Bundles.container("volumeDevices: [{name: d, devicePath: /dev/x}]").build();

        assertThatThrownBy(() -> mounts(bundle, Bundles.engine()))
                .hasMessage("volumeDevices are not supported");
    }

    @Test
    void outerBeforeInnerAndTheSystemsOwn() {
        PodBundle bundle =
                Bundles.pod(
                                """
                                volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}]
                                containers: [{name: main, image: app, volumeMounts: [
                                  {name: a, mountPath: /x/y/z}, {name: b, mountPath: /x}]}]
                                """)
                        .build();

        assertThat(mounts(bundle, Bundles.engine()))
                .extracting(Mount::containerPath)
                .containsExactly("/x", "/etc/hosts", "/dev/termination-log", "/x/y/z");
        assertThat(mounts(bundle, Bundles.engine()))
                .extracting(Mount::subPath)
                .contains("etc-hosts", "termination-log/main/2");
    }

    @Test
    void aContainersOwnFilesStay() {
        PodBundle bundle =
                Bundles.pod(
                                """
                                volumes: [{name: a, emptyDir: {}}]
                                containers: [{name: main, image: app, terminationMessagePath: /tmp/end,
                                  volumeMounts: [{name: a, mountPath: /etc/hosts}]}]
                                """)
                        .build();

        assertThat(mounts(bundle, Bundles.engine()))
                .extracting(Mount::containerPath)
                .containsExactly("/etc/hosts", "/tmp/end");
    }

    @Test
    void onTheHostsNetworkTheHostsFileIsTheHosts() {
        PodBundle bundle =
                Bundles.pod("{hostNetwork: true, containers: [{name: main, image: app}]}").build();

        assertThat(mounts(bundle, Bundles.engine()))
                .extracting(Mount::containerPath)
                .containsExactly("/dev/termination-log");
    }

    private static List<Mount> mounts(String mount, EngineInfo engine) {
        return mounts(
                Bundles.pod(
                                """
                                volumes: [{name: data, emptyDir: {}}, {name: conf, configMap: {name: c}},
                                  {name: share, nfs: {server: s, path: /p, readOnly: true}},
                                  {name: claim, persistentVolumeClaim: {claimName: c, readOnly: true}}]
                                containers: [{name: main, image: app, volumeMounts: [%s]}]
                                """
                                        .formatted(mount))
                        .build(),
                engine);
    }

    private static List<Mount> mounts(PodBundle bundle, EngineInfo engine) {
        return new Mounts(engine)
                .of(
                        bundle,
                        bundle.pod().getSpec().getContainers().getFirst(),
                        ENVIRONMENT,
                        Bundles.context(bundle, "main", "10.1.0.5"));
    }
}
