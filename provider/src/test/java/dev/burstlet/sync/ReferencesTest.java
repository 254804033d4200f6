package dev.burstlet.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.pod.TokenSpec;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferencesTest {
    @Test
    void findsEveryName() {
        Pod pod =
                Serialization.unmarshal(
                        """
                        metadata: {name: p}
                        spec:
                          imagePullSecrets: [{name: pull}, {}]
                          initContainers:
                          - name: i
                            env: [{name: A, valueFrom: {configMapKeyRef: {name: m1, key: k}}}]
                          containers:
                          - name: c
                            env: [{name: A, valueFrom: {secretKeyRef: {name: s1, key: k}}}]
                            envFrom: [{configMapRef: {name: m2}}, {secretRef: {name: s2}}]
                          ephemeralContainers:
                          - name: e
                            envFrom: [{configMapRef: {name: m3}}]
                          volumes:
                          - {name: a, configMap: {name: m4}}
                          - {name: b, secret: {secretName: s3}}
                          - {name: c, persistentVolumeClaim: {claimName: claim}}
                          - {name: d, ephemeral: {volumeClaimTemplate: {spec: {}}}}
                          - name: e
                            projected:
                              sources:
                              - configMap: {name: m5}
                              - secret: {name: s4}
                              - serviceAccountToken: {path: token}
                              - serviceAccountToken: {path: t, audience: x, expirationSeconds: 600}
                        """,
                        Pod.class);
        References found = References.of(pod);
        assertThat(found.configMaps()).containsExactlyInAnyOrder("m1", "m2", "m3", "m4", "m5");
        assertThat(found.secrets()).containsExactlyInAnyOrder("s1", "s2", "s3", "s4");
        assertThat(found.pullSecrets()).containsExactly("pull");
        assertThat(found.claims()).containsExactlyInAnyOrder("claim", "p-d");
        assertThat(found.tokens())
                .containsExactlyInAnyOrder(
                        new TokenSpec(List.of(), 3600), new TokenSpec(List.of("x"), 600));
    }

    @Test
    void tokensAreRenewedInTime() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(PodTokens.renewal(now, now.plus(Duration.ofHours(1))))
                .isBetween(now.plusSeconds(2700), now.plusSeconds(2880));
        assertThat(PodTokens.renewal(now, now.plus(Duration.ofDays(365))))
                .isBetween(now.plus(Duration.ofHours(22)), now.plus(Duration.ofHours(24)));
    }
}
