/**
 * The Node object and its Lease: registers each virtual node, keeps its capacity, addresses and
 * conditions true, and renews its lease as long as this process can report.
 */
@NullMarked
package dev.burstlet.node;

import org.jspecify.annotations.NullMarked;
