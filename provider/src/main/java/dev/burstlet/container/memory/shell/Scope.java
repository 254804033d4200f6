package dev.burstlet.container.memory.shell;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A shell's variables, directory and last status. Of one thread. */
final class Scope {
    private final Map<String, String> variables;
    private final Set<String> exported;
    private List<String> arguments;
    private String directory;
    private int status;
    private boolean stopOnError;

    Scope(Map<String, String> environment, List<String> arguments, String directory) {
        this.variables = new LinkedHashMap<>(environment);
        this.exported = new HashSet<>(environment.keySet());
        this.arguments = arguments;
        this.directory = directory;
    }

    Scope copy() {
        Scope copy = new Scope(variables, arguments, directory);
        copy.exported.retainAll(exported);
        copy.status = status;
        copy.stopOnError = stopOnError;
        return copy;
    }

    @Nullable String get(String name) {
        return variables.get(name);
    }

    void set(String name, String value) {
        variables.put(name, value);
    }

    void unset(String name) {
        variables.remove(name);
        exported.remove(name);
    }

    void export(String name) {
        exported.add(name);
    }

    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>(variables);
        environment.keySet().retainAll(exported);
        return environment;
    }

    Map<String, String> variables() {
        return new HashMap<>(variables);
    }

    List<String> arguments() {
        return arguments;
    }

    void arguments(List<String> next) {
        arguments = next;
    }

    String directory() {
        return directory;
    }

    void directory(String path) {
        directory = path;
    }

    int status() {
        return status;
    }

    int status(int code) {
        status = code;
        return code;
    }

    boolean stopOnError() {
        return stopOnError;
    }

    void stopOnError(boolean stop) {
        stopOnError = stop;
    }

    /** An absolute path from one relative to the directory. */
    String path(String path) {
        return path.startsWith("/") ? path : directory + "/" + path;
    }
}
