package dev.burstlet.app.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Reads a configuration file strictly: a key it does not know is an error, as is a wrong value. */
public final class ConfigurationReader {
    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .propertyNamingStrategy(PropertyNamingStrategies.LOWER_CAMEL_CASE)
                    .addModule(new EnumWords())
                    .addMixIn(Quantity.class, QuantityReader.Annotation.class)
                    .build();

    private ConfigurationReader() {}

    /**
     * Reads a YAML (or JSON) file.
     *
     * @throws ConfigurationException naming the path of what is wrong and what would be right
     */
    public static Configuration read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new ConfigurationException("cannot read " + file + ": " + e.getMessage());
        } catch (ConfigurationException e) {
            throw new ConfigurationException(file + ": " + e.getMessage());
        }
    }

    /** Reads YAML text; as {@link #read}. */
    public static Configuration parse(String yaml) {
        try {
            Configuration configuration = YAML.readValue(yaml, Configuration.class);
            if (configuration == null) {
                throw new ConfigurationException("the file is empty");
            }
            return configuration;
        } catch (PropertyBindingException e) {
            throw new ConfigurationException(
                    path(e)
                            + ": unknown key; known here are "
                            + e.getKnownPropertyIds().stream()
                                    .map(String::valueOf)
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        } catch (ValueInstantiationException e) {
            String problem =
                    e.getCause() == null ? e.getOriginalMessage() : e.getCause().getMessage();
            String path = path(e);
            throw new ConfigurationException(
                    path.isEmpty() ? String.valueOf(problem) : path + ": " + problem);
        } catch (InvalidFormatException e) {
            throw new ConfigurationException(
                    path(e) + ": '" + e.getValue() + "' is not " + wanted(e.getTargetType()));
        } catch (JsonMappingException e) {
            throw new ConfigurationException(path(e) + ": " + e.getOriginalMessage() + line(e));
        } catch (JsonProcessingException e) {
            throw new ConfigurationException("not YAML: " + e.getOriginalMessage() + line(e));
        }
    }

    /** YAML of plain maps, lists and values. */
    public static String write(Object value) {
        try {
            return YAML.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as YAML", e);
        }
    }

    private static String wanted(Class<?> type) {
        return type.isEnum()
                ? "one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(constant -> EnumWords.word((Enum<?>) constant))
                                .collect(Collectors.joining(", "))
                : "of type " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }

    private static String line(JsonProcessingException e) {
        return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
    }
}
