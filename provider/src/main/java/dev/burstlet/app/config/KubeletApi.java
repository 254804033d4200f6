package dev.burstlet.app.config;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The kubelet API's certificate and callers. */
public record KubeletApi(
        @Key(
                        value =
                                "Where the serving certificate comes from: csr (signed by the cluster), files or"
                                        + " self-signed",
                        byDefault = "csr")
                Serving serving,
        @Key("PEM file of the certificate, with serving: files") @Nullable String certificate,
        @Key("PEM file of the key, with serving: files") @Nullable String key,
        @Key(
                        value = "PEM file of the CA of client certificates",
                        byDefault =
                                "the cluster's, from kube-system/extension-apiserver-authentication")
                @Nullable String clientCa) {
    /** The ways to a serving certificate. */
    public enum Serving {
        CSR,
        FILES,
        SELF_SIGNED
    }

    public KubeletApi {
        serving = Objects.requireNonNullElse(serving, Serving.CSR);
        if (serving == Serving.FILES && (certificate == null || key == null)) {
            throw new IllegalArgumentException("serving: files needs certificate and key");
        }
    }

    static KubeletApi defaults() {
        return new KubeletApi(Serving.CSR, null, null, null);
    }
}
