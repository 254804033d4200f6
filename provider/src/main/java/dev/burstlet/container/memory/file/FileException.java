package dev.burstlet.container.memory.file;

import java.io.IOException;

/** A file operation that failed; the message is path and cause, as a Unix command prints it. */
public final class FileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Cause reason;

    public FileException(String path, Cause reason) {
        super(path + ": " + reason.text);
        this.reason = reason;
    }

    public Cause reason() {
        return reason;
    }

    /** The error numbers that occur here. */
    public enum Cause {
        NOT_FOUND("No such file or directory"),
        NOT_DIRECTORY("Not a directory"),
        IS_DIRECTORY("Is a directory"),
        EXISTS("File exists"),
        NOT_EMPTY("Directory not empty"),
        READ_ONLY("Read-only file system"),
        DENIED("Permission denied"),
        NO_SPACE("No space left on device"),
        BUSY("Device or resource busy"),
        LOOP("Too many levels of symbolic links"),
        ESCAPES("leads out of the volume");

        private final String text;

        Cause(String text) {
            this.text = text;
        }
    }
}
