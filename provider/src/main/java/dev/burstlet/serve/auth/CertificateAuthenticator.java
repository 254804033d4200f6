package dev.burstlet.serve.auth;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * Believes client certificates that an authority signed for client authentication and that are
 * valid now: CN is the user's name, each O a group. Checked at every request, so that an expired
 * certificate or a withdrawn authority ends open connections' rights too.
 */
public final class CertificateAuthenticator implements Authenticator {
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";

    private final ClientAuthorities authorities;
    private final InstantSource clock;

    public CertificateAuthenticator(ClientAuthorities authorities, InstantSource clock) {
        this.authorities = authorities;
        this.clock = clock;
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
        List<X509Certificate> chain = credentials.chain();
        List<X509Certificate> trusted = authorities.current();
        if (chain.isEmpty() || trusted.isEmpty()) {
            return Optional.empty();
        }
        try {
            verify(chain, trusted);
            return identity(chain.getFirst().getSubjectX500Principal());
        } catch (GeneralSecurityException | InvalidNameException e) {
            return Optional.empty();
        }
    }

    private void verify(List<X509Certificate> chain, List<X509Certificate> trusted)
            throws GeneralSecurityException {
        List<String> usages = chain.getFirst().getExtendedKeyUsage();
        if (usages == null || !(usages.contains(CLIENT_AUTH) || usages.contains(ANY_USAGE))) {
            throw new GeneralSecurityException("not for client authentication");
        }
        Set<TrustAnchor> anchors =
                trusted.stream()
                        .map(authority -> new TrustAnchor(authority, null))
                        .collect(Collectors.toSet());
        PKIXParameters parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(clock.instant()));
        List<X509Certificate> path = new ArrayList<>(chain);
        path.removeIf(trusted::contains);
        CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    }

    private static Optional<Identity> identity(X500Principal subject) throws InvalidNameException {
        String name = "";
        List<String> groups = new ArrayList<>();
        for (Rdn rdn : new LdapName(subject.getName(X500Principal.RFC2253)).getRdns()) {
            if (rdn.getType().equalsIgnoreCase("CN")) {
                name = rdn.getValue().toString();
            } else if (rdn.getType().equalsIgnoreCase("O")) {
                groups.add(rdn.getValue().toString());
            }
        }
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(Identity.authenticated(name, "", groups, Map.of()));
    }
}
