/**
 * The calls of the CRI and what they are made of: the connection, its deadlines and errors, and the
 * translation of specs. Starting point: {@link dev.burstlet.hyper.cri.CriConnection}.
 */
@NullMarked
package dev.burstlet.hyper.cri;

import org.jspecify.annotations.NullMarked;
