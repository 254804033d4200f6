package dev.burstlet.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaseDecisionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
    private static final Duration LEASE = Duration.ofSeconds(40);
    private static final Holder SELF = new Holder("h", "space", 10, 1000, "");
    private static final Holder OTHER = new Holder("far", "else", 11, 2000, "");

    private static Lease lease(@Nullable String holder, Instant renewed) {
        return new LeaseBuilder()
                .withNewMetadata()
                .withName("n")
                .withAnnotations(holder == null ? null : Map.of(LeaseDecision.HOLDER, holder))
                .endMetadata()
                .withNewSpec()
                .withRenewTime(ZonedDateTime.ofInstant(renewed, ZoneOffset.UTC))
                .endSpec()
                .build();
    }

    private static LeaseDecision decide(Lease lease, Instant seen) {
        return LeaseDecision.of(
                lease,
                SELF,
                new LeaseDecision.Observation(lease.getSpec().getRenewTime(), seen),
                LEASE,
                NOW);
    }

    @Test
    void takesAFreeOne() {
        assertThat(decide(lease(null, NOW), NOW)).isInstanceOf(LeaseDecision.Take.class);
    }

    @Test
    void keepsItsOwn() {
        assertThat(decide(lease(SELF.format(), NOW), NOW)).isInstanceOf(LeaseDecision.Take.class);
    }

    @Test
    void waitsForALivingOtherAndNamesIt() {
        assertThat(decide(lease(OTHER.format(), NOW.minusSeconds(5)), NOW))
                .isEqualTo(new LeaseDecision.Wait("process 11 on far"));
    }

    @Test
    void waitsForOneThatCannotBeRead() {
        assertThat(decide(lease("someone", NOW), NOW)).isEqualTo(new LeaseDecision.Wait("someone"));
    }

    @Test
    void takesOneThatExpiredLongAgo() {
        assertThat(decide(lease(OTHER.format(), NOW.minusSeconds(81)), NOW))
                .isInstanceOf(LeaseDecision.Take.class);
    }

    @Test
    void takesOneThatWasNotRenewedWhileWatched() {
        Lease ahead = lease(OTHER.format(), NOW.plusSeconds(3600));
        assertThat(decide(ahead, NOW.minusSeconds(30))).isInstanceOf(LeaseDecision.Wait.class);
        assertThat(decide(ahead, NOW.minusSeconds(41))).isInstanceOf(LeaseDecision.Take.class);
    }

    @Test
    void takesThatOfADeadPredecessorAtOnce() {
        Holder dead = new Holder("h", "space", Integer.MAX_VALUE, 1, "");
        assertThat(decide(lease(dead.format(), NOW), NOW)).isInstanceOf(LeaseDecision.Take.class);
    }

    @Test
    void waitsForALivingProcessOfTheSameHost() {
        Holder alive = Holder.self("");
        Holder self = new Holder(alive.host(), alive.space(), 1, 1, "");
        assertThat(alive.isGone(self)).isFalse();
    }

    @Test
    void thePredecessorInTheSameSlotIsGone() {
        Holder before = new Holder("far", "else", 11, 2000, "pod-uid");
        assertThat(before.isGone(new Holder("h", "space", 10, 1000, "pod-uid"))).isTrue();
        assertThat(before.isGone(SELF)).isFalse();
    }

    @Test
    void namesItselfReadably() {
        Holder self = Holder.self("a;b");
        assertThat(Holder.parse(self.format())).contains(self);
        assertThat(self.slot()).isEqualTo("a_b");
    }
}
