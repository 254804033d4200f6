package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Wire;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Closes a connection over which no data went for long; pings are no data. While reading is held
 * back it pings, as only writing then shows that the client has gone.
 */
final class StreamWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    private final Channel channel;
    private final ReadGate gate;
    private final Duration idle;
    private final Supplier<Object> ping;
    private volatile long last;

    StreamWatch(Channel channel, ReadGate gate, Duration idle, Supplier<Object> ping) {
        this.channel = channel;
        this.gate = gate;
        this.idle = idle;
        this.ping = ping;
        touch();
    }

    void touch() {
        last = System.nanoTime();
    }

    void start() {
        long wait = Math.min(INTERVAL.toMillis(), Math.max(1, idle.toMillis() / 4));
        Wire.after(channel, Duration.ofMillis(wait), this::look);
    }

    private void look() {
        if (!channel.isActive()) {
            return;
        }
        if (System.nanoTime() - last > idle.toNanos()) {
            Wire.close(channel);
            return;
        }
        if (gate.held() && channel.isWritable()) {
            Wire.send(channel, ping.get());
        }
        start();
    }
}
