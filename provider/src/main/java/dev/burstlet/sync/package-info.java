/**
 * Joins the API server and the contract: watches the pods of our nodes, resolves what they refer to
 * into bundles, and writes their status and events back.
 */
@NullMarked
package dev.burstlet.sync;

import org.jspecify.annotations.NullMarked;
