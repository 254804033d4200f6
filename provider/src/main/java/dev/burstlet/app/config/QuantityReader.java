package dev.burstlet.app.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;

/**
 * Reads an amount such as {@code 1Gi} or {@code 2} from one scalar. The client's own reader takes
 * the whole tree, which a strict mapper refuses within a map.
 */
final class QuantityReader extends StdDeserializer<Quantity> {
    private static final long serialVersionUID = 1L;

    QuantityReader() {
        super(Quantity.class);
    }

    @Override
    public Quantity deserialize(JsonParser parser, DeserializationContext context)
            throws IOException {
        String text = parser.getText();
        try {
            if (parser.currentToken().isScalarValue()) {
                Quantity quantity = Quantity.parse(text);
                quantity.getNumericalAmount();
                return quantity;
            }
        } catch (IllegalArgumentException e) {
            // Told below, with the value and its place.
        }
        throw InvalidFormatException.from(parser, "not a quantity", text, Quantity.class);
    }

    /** Put on {@link Quantity} in place of its own annotation. */
    @JsonDeserialize(using = QuantityReader.class)
    interface Annotation {}
}
