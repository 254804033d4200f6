package dev.burstlet.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of an API that an older Kubernetes has not, or not by default; skipped on such a server,
 * with that reason. {@code KUBEBUILDER_ASSETS} may bring one.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ServerVersionCondition.class)
public @interface NeedsServer {
    /** The first version that will do, as {@code 1.35}. */
    String value();
}
