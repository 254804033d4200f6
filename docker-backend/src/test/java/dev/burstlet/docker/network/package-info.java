/** Tests of resolv.conf. */
@NullMarked
package dev.burstlet.docker.network;

import org.jspecify.annotations.NullMarked;
