/**
 * Lifecycle hooks: postStart and preStop, by exec, HTTP or sleep. Start at {@link
 * dev.burstlet.engine.hook.HookRunner}.
 */
@NullMarked
package dev.burstlet.engine.hook;

import org.jspecify.annotations.NullMarked;
