/**
 * Who asks and what they may: client certificates, TokenReview, SubjectAccessReview, and their
 * caches. Start at {@link dev.burstlet.serve.auth.Authenticator} and {@link
 * dev.burstlet.serve.auth.Authorizer}.
 */
@NullMarked
package dev.burstlet.serve.auth;

import org.jspecify.annotations.NullMarked;
