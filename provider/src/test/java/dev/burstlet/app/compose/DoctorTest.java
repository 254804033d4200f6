package dev.burstlet.app.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.app.config.ConfigurationReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of hosts of several kinds. */
class DoctorTest {
    /** Of an authority named "doctor", valid in 2026 only. */
    private static final String CERTIFICATE =
            """
            -----BEGIN CERTIFICATE-----
            MIIBCDCBsAIBATAKBggqhkjOPQQDAjARMQ8wDQYDVQQDDAZkb2N0b3IwHhcNMjYw
            MTAxMDAwMDAwWhcNMjYxMjMxMDAwMDAwWjARMQ8wDQYDVQQDDAZkb2N0b3IwWTAT
            BgcqhkjOPQIBBggqhkjOPQMBBwNCAARfklmkekcSdQTqv/UWT8sU3y+6gOigEgmc
            ODdjarzd9MkdfM6h2b4/7fA4Ux+aB/eRynSaXEgaJ2y00hK3TRKMMAoGCCqGSM49
            BAMCA0cAMEQCIFFfGBBygZagH3ledHLU6qOx3pzI3R88KdWZloI4jVmzAiA1SRZj
            dvNFKWr/EcNavuYr5YQogVRKdPigojH0sOFHIw==
            -----END CERTIFICATE-----
            """;

    @TempDir Path slash;

    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void soundHost() {
        write("proc/filesystems", "nodev\tsysfs\nnodev\ttmpfs\n");
        write("proc/self/status", "Name:\tjava\nCapEff:\t000001ffffffffff\n");
        write("sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
    }

    @Test
    void aMissingSocketIsSaidAndNothingElseIsLookedAt() {
        Doctor doctor = doctor("2026-06-01T00:00:00Z");

        doctor.engine(
                ConfigurationReader.parse(
                                "nodes: [{name: one, cri: {endpoint: 'unix:///none/such.sock'}}]")
                        .nodes()
                        .getFirst());

        assertThat(doctor.good()).isFalse();
        assertThat(said)
                .containsExactly(
                        "WRONG socket: /none/such.sock does not exist: start the runtime, or name"
                                + " the socket that it listens on");
    }

    @Test
    void cgroupsOfVersionOneNeedTheirControllers() {
        Doctor doctor = doctor("2026-06-01T00:00:00Z");
        delete("sys/fs/cgroup/cgroup.controllers");
        write("sys/fs/cgroup/cpu/tasks", "");
        write("sys/fs/cgroup/memory/tasks", "");

        memory(doctor);

        assertThat(said)
                .contains(
                        "WRONG cgroups: no pids: mount them, or boot with"
                                + " systemd.unified_cgroup_hierarchy=1");
        said.clear();
        write("sys/fs/cgroup/pids/tasks", "");
        memory(doctor);
        assertThat(said).contains("ok    cgroups: version 1");
    }

    @Test
    void aSoundHostIsGood() {
        Doctor doctor = doctor("2026-06-01T00:00:00Z");
        write("run/systemd/timesync/synchronized", "");

        memory(doctor);
        doctor.clock();

        assertThat(doctor.good()).isTrue();
        assertThat(said)
                .contains("ok    cgroups: version 2", "ok    clock: kept by a time service");
    }

    @Test
    void aClockThatNobodyKeepsIsMentioned() {
        Doctor doctor = doctor("2026-06-01T00:00:00Z");

        doctor.clock();

        assertThat(doctor.good()).isTrue();
        assertThat(said).singleElement().asString().startsWith("ok    clock: no time service");
    }

    @Test
    void certificatesAreLookedAtBeforeTheyEnd() {
        assertThat(certificate("2026-06-01T00:00:00Z"))
                .isEqualTo("ok    certificate: CN=doctor, until 2026-12-31T00:00:00Z");
        assertThat(certificate("2026-12-15T00:00:00Z"))
                .isEqualTo(
                        "WRONG certificate: CN=doctor, until 2026-12-31T00:00:00Z: ends soon: renew"
                                + " it; it is read again within seconds");
        assertThat(certificate("2027-01-01T00:00:00Z")).contains(": expired: renew it");
        assertThat(certificate("2025-01-01T00:00:00Z"))
                .contains(": not valid yet: compare the clocks of the hosts");
    }

    @Test
    void whatIsNoCertificateIsSaid() {
        write("broken.pem", "nothing\n");
        Doctor doctor = doctor("2026-06-01T00:00:00Z");

        doctor.certificate("authority", slash.resolve("broken.pem"));
        doctor.certificate("authority", slash.resolve("missing.pem"));

        assertThat(doctor.good()).isFalse();
        assertThat(said)
                .hasSize(2)
                .allMatch(text -> text.startsWith("WRONG authority: " + slash))
                .allMatch(text -> text.endsWith(": give a readable PEM file"));
    }

    private String certificate(String now) {
        said.clear();
        write("one.pem", CERTIFICATE);
        doctor(now).certificate("certificate", slash.resolve("one.pem"));
        return said.getFirst();
    }

    private static void memory(Doctor doctor) {
        doctor.engine(
                ConfigurationReader.parse("nodes: [{name: one, memory: {}}]").nodes().getFirst());
    }

    private Doctor doctor(String now) {
        Instant instant = Instant.parse(now);
        return new Doctor(
                slash,
                () -> instant,
                finding -> said.add((finding.good() ? "ok    " : "WRONG ") + finding.text()));
    }

    private void write(String file, String text) {
        try {
            Path path = slash.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void delete(String file) {
        try {
            Files.delete(slash.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
