package dev.burstlet.app.cli;

import dev.burstlet.app.config.ConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says what is wrong in one line; the stack trace of the unexpected goes to the log. */
final class PlainErrors implements IExecutionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PlainErrors.class);

    @Override
    public int handleExecutionException(Exception error, CommandLine command, ParseResult result) {
        command.getErr().println("burstlet: " + error.getMessage());
        command.getErr().flush();
        if (error instanceof ConfigurationException) {
            return CommandLine.ExitCode.USAGE;
        }
        LOG.debug("the command failed", error);
        return CommandLine.ExitCode.SOFTWARE;
    }
}
