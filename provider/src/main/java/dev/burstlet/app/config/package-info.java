/**
 * The configuration: a file or flags, read strictly into records. Start at {@link
 * dev.burstlet.app.config.Configuration}.
 */
@NullMarked
package dev.burstlet.app.config;

import org.jspecify.annotations.NullMarked;
