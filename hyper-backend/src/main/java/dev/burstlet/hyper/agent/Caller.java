package dev.burstlet.hyper.agent;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Who calls: the subject of the certificate that the connection was made with. */
final class Caller implements ServerInterceptor {
    private static final Context.Key<String> SUBJECT = Context.key("burstlet-caller");

    /** Of the call that this thread handles. */
    static String subject() {
        String subject = SUBJECT.get();
        if (subject == null) {
            throw new IllegalStateException("no caller");
        }
        return subject;
    }

    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        String subject = session == null ? null : subject(session);
        if (subject == null) {
            call.close(
                    Status.UNAUTHENTICATED.withDescription("a certificate is needed"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(
                Context.current().withValue(SUBJECT, subject), call, headers, next);
    }

    private static @Nullable String subject(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? certificate.getSubjectX500Principal().getName()
                    : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }
}
