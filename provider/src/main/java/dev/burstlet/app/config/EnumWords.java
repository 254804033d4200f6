package dev.burstlet.app.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.util.Locale;

/**
 * Reads enum constants as words, {@code SELF_SIGNED} as {@code self-signed}, and quantities as one
 * value each: their own reader looks beyond the value, which a strict file does not allow.
 */
final class EnumWords extends SimpleModule {
    private static final long serialVersionUID = 1L;

    EnumWords() {
        addDeserializer(Cluster.Identity.class, new WordDeserializer<>(Cluster.Identity.class));
        addDeserializer(KubeletApi.Serving.class, new WordDeserializer<>(KubeletApi.Serving.class));
        setMixInAnnotation(Quantity.class, QuantityAsText.class);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @JsonDeserialize(using = QuantityDeserializer.class)
    private interface QuantityAsText {}

    private static final class QuantityDeserializer extends StdDeserializer<Quantity> {
        private static final long serialVersionUID = 1L;

        QuantityDeserializer() {
            super(Quantity.class);
        }

        @Override
        public Quantity deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            String text = parser.getValueAsString();
            if (text == null) {
                throw context.weirdStringException(parser.getText(), Quantity.class, "no value");
            }
            try {
                Quantity quantity = Quantity.parse(text);
                quantity.getNumericalAmount();
                return quantity;
            } catch (IllegalArgumentException e) {
                throw context.weirdStringException(text, Quantity.class, e.getMessage());
            }
        }
    }

    private static final class WordDeserializer<E extends Enum<E>> extends StdDeserializer<E> {
        private static final long serialVersionUID = 1L;
        private final Class<E> type;

        WordDeserializer(Class<E> type) {
            super(type);
            this.type = type;
        }

        @Override
        public E deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getText();
            for (E constant : type.getEnumConstants()) {
                if (word(constant).equals(text)) {
                    return constant;
                }
            }
            throw com.fasterxml.jackson.databind.exc.InvalidFormatException.from(
                    parser, "no such word", text, type);
        }
    }
}
