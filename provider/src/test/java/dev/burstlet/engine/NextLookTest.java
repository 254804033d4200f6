package dev.burstlet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.engine.observe.Scope;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a worker looks at the engine, and at how much of a pod. */
class NextLookTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final NextLook look = new NextLook();

    @Test
    void workOfOurOwnIsFollowedByALookAtWhatItChanges() {
        look.worked(NOW, Scope.SANDBOXES);

        assertThat(look.due(NOW)).isTrue();
        assertThat(look.scope()).isEqualTo(Scope.SANDBOXES);
        look.looked();
        assertThat(look.at()).isNull();
    }

    @Test
    void anEventOfThatWorkIsAnsweredByTheSameLook() {
        look.echoed(NOW);
        assertThat(look.due(NOW)).isFalse();

        look.worked(NOW, Scope.CONTAINERS);

        assertThat(look.due(NOW)).isTrue();
        assertThat(look.scope()).isEqualTo(Scope.CONTAINERS);
    }

    @Test
    void anEventThatNoWorkExplainsIsAReasonToLookAtAll() {
        look.changed(NOW.plusMillis(1));
        look.echoed(NOW);
        look.worked(NOW, Scope.CONTAINERS);

        assertThat(look.scope()).isEqualTo(Scope.ALL);
        look.looked();

        look.worked(NOW, Scope.CONTAINERS);
        look.changed(NOW);
        assertThat(look.scope()).isEqualTo(Scope.ALL);
    }

    @Test
    void twoWorksAreFollowedByALookAtAll() {
        look.worked(NOW, Scope.SANDBOXES);
        look.worked(NOW, Scope.CONTAINERS);

        assertThat(look.scope()).isEqualTo(Scope.ALL);
    }

    @Test
    void anEchoAloneIsLookedForLater() {
        look.echoed(NOW);

        assertThat(look.due(NOW.plusMillis(199))).isFalse();
        assertThat(look.due(NOW.plusMillis(200))).isTrue();
        assertThat(look.scope()).isEqualTo(Scope.ALL);
    }

    @Test
    void aLookThatFailedIsRepeatedAsAWhole() {
        look.worked(NOW, Scope.SANDBOXES);
        assertThat(look.failed()).isEqualTo(1);
        look.retry(NOW.plusSeconds(1));

        assertThat(look.failing()).isTrue();
        assertThat(look.due(NOW)).isFalse();
        assertThat(look.scope()).isEqualTo(Scope.ALL);
        look.looked();
        assertThat(look.failing()).isFalse();
    }
}
