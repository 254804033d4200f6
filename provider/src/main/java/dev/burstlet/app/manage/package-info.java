/**
 * The process's own health and metrics over HTTP, by Micronaut. Start at {@link
 * dev.burstlet.app.manage.ManagementServer}.
 */
@NullMarked
package dev.burstlet.app.manage;

import org.jspecify.annotations.NullMarked;
