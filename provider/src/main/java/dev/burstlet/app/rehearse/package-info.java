/**
 * The rehearsal from which the class cache is made: a whole node with a pod, against a play API
 * server in this process. Start at {@link dev.burstlet.app.rehearse.Rehearsal}.
 */
@NullMarked
package dev.burstlet.app.rehearse;

import org.jspecify.annotations.NullMarked;
