package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.SandboxSpec.Dns;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolvConfTest {
    private static final Dns DNS =
            new Dns(
                    List.of("10.0.0.1", "10.0.0.2"),
                    List.of("a", "b"),
                    List.of("ndots:5", "edns0"));

    @Test
    void writesWhatItReads() {
        String text =
                "nameserver 10.0.0.1\nnameserver 10.0.0.2\nsearch a b\noptions ndots:5 edns0\n";

        assertThat(ResolvConf.text(DNS)).isEqualTo(text);
        assertThat(ResolvConf.parse(text)).isEqualTo(DNS);
    }

    @Test
    void emptyPartsLeaveNoLine() {
        assertThat(ResolvConf.text(Dns.HOST)).isEmpty();
    }

    @Test
    void readsFilesAsPeopleWriteThem() {
        String text =
                """
                # nameserver 1.1.1.1
                  nameserver\t10.0.0.1  # the first
                domain old
                search a b ; both
                nameserver
                sortlist 130.155.160.0
                """;

        assertThat(ResolvConf.parse(text))
                .isEqualTo(new Dns(List.of("10.0.0.1"), List.of("a", "b"), List.of()));
    }

    @Test
    void loopbackServersAreNotReachableFromAPod() {
        Dns host = new Dns(List.of("127.0.0.53", "::1", "10.0.0.1"), List.of("a"), List.of());

        assertThat(ResolvConf.reachable(host))
                .isEqualTo(new Dns(List.of("10.0.0.1"), List.of("a"), List.of()));
    }
}
