package dev.burstlet.container.memory.shell;

import java.io.InputStream;
import java.io.OutputStream;

/** A process's three streams. */
public record Streams(InputStream in, OutputStream out, OutputStream err) {}
