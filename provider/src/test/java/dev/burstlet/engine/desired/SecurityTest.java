package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.SecuritySpec;
import dev.burstlet.pod.PodBundle;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecurityTest {
    private static final TranslationSettings SETTINGS =
            new TranslationSettings(
                    null,
                    0,
                    true,
                    Map.of("audit.json", "{\"defaultAction\":\"SCMP_ACT_LOG\"}"),
                    Set.of(),
                    Map.of(),
                    "");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            textBlock =
                    """
                    {}                           | {}                            | ''        | null | null
                    {}                           | {}                            | 1000:1000 | null | null
                    {runAsUser: 1}               | {}                            | 1000      | 1    | null
                    {runAsUser: 1}               | {runAsUser: 2}                | ''        | 2    | null
                    {runAsUser: 1, runAsGroup: 3} | {runAsUser: 2}               | ''        | 2    | 3
                    {runAsGroup: 3}              | {runAsGroup: 4}               | 1000:5    | null | 4
                    {runAsGroup: 3}              | {}                            | nginx     | null | 3
                    {runAsNonRoot: true}         | {runAsUser: 7}                | root      | 7    | null
                    {runAsNonRoot: true}         | {}                            | 1000      | null | null
                    {runAsNonRoot: true}         | {runAsNonRoot: false}         | ''        | null | null
                    """)
    void users(String pod, String container, String imageUser, Long user, Long group) {
        SecuritySpec security = security(pod, container, imageUser);

        assertThat(security.user()).isEqualTo(user);
        assertThat(security.group()).isEqualTo(group);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {runAsNonRoot: true}  | {}              | ''    | container has runAsNonRoot and image will run as root (pod: "web_shop(uid-1)", container: main)
                    {runAsNonRoot: true}  | {}              | 0:5   | container has runAsNonRoot and image will run as root (pod: "web_shop(uid-1)", container: main)
                    {runAsNonRoot: true}  | {runAsUser: 0}  | 1000  | container's runAsUser breaks non-root policy (pod: "web_shop(uid-1)", container: main)
                    {runAsUser: 0}        | {runAsNonRoot: true} | 1000 | container's runAsUser breaks non-root policy (pod: "web_shop(uid-1)", container: main)
                    {runAsNonRoot: true}  | {}              | nginx | container has runAsNonRoot and image has non-numeric user (nginx), cannot verify user is non-root (pod: "web_shop(uid-1)", container: main)
                    {}                    | {seccompProfile: {type: Localhost, localhostProfile: no.json}} | '' | seccompProfile.localhostProfile: this node has no profile "no.json"
                    {}                    | {seccompProfile: {type: Localhost}} | '' | localhostProfile must be set if seccompProfile type is Localhost.
                    """)
    void refuses(String pod, String container, String imageUser, String message) {
        assertThatThrownBy(() -> security(pod, container, imageUser))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                       | {}                                     | RuntimeDefault
                    {seccompProfile: {type: Unconfined}}     | {}                                     | Unconfined
                    {seccompProfile: {type: Unconfined}}     | {seccompProfile: {type: RuntimeDefault}} | RuntimeDefault
                    {seccompProfile: {type: RuntimeDefault}} | {privileged: true}                     | Unconfined
                    {}                                       | {seccompProfile: {type: Localhost, localhostProfile: audit.json}} | {"defaultAction":"SCMP_ACT_LOG"}
                    """)
    void seccomp(String pod, String container, String expected) {
        assertThat(security(pod, container, "").seccomp()).isEqualTo(expected);
    }

    @Test
    void withoutTheDefaultPodsAreUnconfined() {
        PodBundle bundle = Bundles.container("command: []").build();
        Security security = new Security(Bundles.engine(), TranslationSettings.DEFAULT);

        assertThat(
                        security.container(
                                        bundle.pod(),
                                        bundle.pod().getSpec().getContainers().getFirst(),
                                        Bundles.image(""))
                                .seccomp())
                .isEqualTo("Unconfined");
    }

    @Test
    void groupsAndCapabilities() {
        SecuritySpec security =
                security(
                        "{fsGroup: 5, supplementalGroups: [6, 5, 7]}",
                        "{capabilities: {add: [CAP_NET_ADMIN, sys_time], drop: [ALL]}, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, procMount: Unmasked}",
                        "");

        assertThat(security.supplementalGroups()).containsExactly(5L, 6L, 7L);
        assertThat(security.addCapabilities()).containsExactly("NET_ADMIN", "SYS_TIME");
        assertThat(security.dropCapabilities()).containsExactly("ALL");
        assertThat(security.noNewPrivileges()).isTrue();
        assertThat(security.readOnlyRootfs()).isTrue();
        assertThat(security.unmaskedProc()).isTrue();
        assertThat(security.privileged()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                        | {}                                     | ''              | ''
                    {appArmorProfile: {type: Unconfined}}     | {}                                     | ''              | unconfined
                    {appArmorProfile: {type: Unconfined}}     | {appArmorProfile: {type: RuntimeDefault}} | ''           | ''
                    {}                                        | {appArmorProfile: {type: Localhost, localhostProfile: strict}} | '' | strict
                    {}                                        | {}                                     | localhost/old   | old
                    {}                                        | {}                                     | runtime/default | ''
                    {}                                        | {}                                     | unconfined      | unconfined
                    {appArmorProfile: {type: Unconfined}}     | {}                                     | localhost/old   | unconfined
                    """)
    void appArmor(String pod, String container, String annotation, String expected) {
        PodBundle bundle =
                bundle(pod, container)
                        .annotation(
                                "container.apparmor.security.beta.kubernetes.io/main", annotation)
                        .build();

        assertThat(security(bundle, Bundles.engine()).apparmor()).isEqualTo(expected);
    }

    @Test
    void appArmorIsRefusedWhereTheHostHasNone() {
        PodBundle bundle = bundle("{}", "{appArmorProfile: {type: RuntimeDefault}}").build();

        assertThatThrownBy(() -> security(bundle, Bundles.engine(Set.of())))
                .isInstanceOf(ConfigException.class)
                .hasMessage("Cannot enforce AppArmor: AppArmor is not enabled on the host");
    }

    @Test
    void seLinuxMeansNothingWhereTheHostHasNone() {
        PodBundle bundle = bundle("{seLinuxOptions: {level: s0}}", "{}").build();

        assertThat(security(bundle, Bundles.engine(Set.of())).seLinux()).isNull();
        assertThat(security(bundle, Bundles.engine()).seLinux())
                .isEqualTo(new SecuritySpec.SeLinux("", "", "", "s0"));
    }

    @Test
    void theSandboxIsPrivilegedWithItsContainers() {
        PodBundle bundle = bundle("{runAsUser: 5}", "{privileged: true}").build();
        SecuritySpec sandbox = new Security(Bundles.engine(), SETTINGS).sandbox(bundle.pod());

        assertThat(sandbox.privileged()).isTrue();
        assertThat(sandbox.user()).isNull();
        assertThat(sandbox.seccomp()).isEqualTo("RuntimeDefault");
    }

    private static SecuritySpec security(String pod, String container, String imageUser) {
        PodBundle bundle = bundle(pod, container).build();
        return new Security(Bundles.engine(), SETTINGS)
                .container(
                        bundle.pod(),
                        bundle.pod().getSpec().getContainers().getFirst(),
                        Bundles.image(imageUser));
    }

    private static SecuritySpec security(PodBundle bundle, EngineInfo engine) {
        return new Security(engine, SETTINGS)
                .container(
                        bundle.pod(),
                        bundle.pod().getSpec().getContainers().getFirst(),
                        Bundles.image(""));
    }

    private static Bundles bundle(String pod, String container) {
        return Bundles.pod(
                "{securityContext: %s, containers: [{name: main, image: app, securityContext: %s}]}"
                        .formatted(pod, container));
    }
}
