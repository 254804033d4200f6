package dev.burstlet.serve;

import dev.burstlet.serve.auth.Access;
import dev.burstlet.serve.auth.Authenticator;
import dev.burstlet.serve.auth.Authorizer;
import dev.burstlet.serve.auth.Credentials;
import dev.burstlet.serve.auth.Identity;
import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import dev.burstlet.serve.http.Service;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.util.List;

/** Lets through who is known and may: all others get 401 or 403 and learn nothing else. */
final class Gatekeeper implements Service {
    private final Authenticator authenticator;
    private final Authorizer authorizer;
    private final Service behind;

    private Gatekeeper(Authenticator authenticator, Authorizer authorizer, Service behind) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        this.behind = behind;
    }

    static Service inFrontOf(Service behind, NodeServices services) {
        return new Gatekeeper(services.authenticator(), services.authorizer(), behind);
    }

    @Override
    public void serve(Exchange exchange) throws Refusal, IOException, InterruptedException {
        Credentials credentials =
                Credentials.of(
                        exchange.clientChain(),
                        exchange.headers().get(HttpHeaderNames.AUTHORIZATION));
        Identity identity =
                authenticator
                        .authenticate(credentials)
                        .orElseThrow(() -> new Refusal(401, "Unauthorized"));
        List<Access> accesses = AccessRules.any(exchange.method(), exchange.path());
        if (!allowed(identity, accesses)) {
            throw new Refusal(403, forbidden(identity, accesses));
        }
        exchange.proven();
        behind.serve(exchange);
    }

    private boolean allowed(Identity identity, List<Access> accesses) throws InterruptedException {
        for (Access access : accesses) {
            if (authorizer.allows(identity, access)) {
                return true;
            }
        }
        return false;
    }

    private static String forbidden(Identity identity, List<Access> accesses) {
        return "Forbidden (user="
                + identity.name()
                + ", verb="
                + accesses.getLast().verb()
                + ", resource=nodes, subresource(s)="
                + accesses.stream().map(Access::subresource).toList()
                + ")";
    }
}
