package dev.burstlet.app.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.Locale;

/** Writes enum constants as words: {@code SELF_SIGNED} is {@code self-signed}. */
final class EnumWords extends SimpleModule {
    private static final long serialVersionUID = 1L;

    EnumWords() {
        addDeserializer(Cluster.Identity.class, new WordDeserializer<>(Cluster.Identity.class));
        addDeserializer(Images.Collect.class, new WordDeserializer<>(Images.Collect.class));
        addDeserializer(KubeletApi.Serving.class, new WordDeserializer<>(KubeletApi.Serving.class));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
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
