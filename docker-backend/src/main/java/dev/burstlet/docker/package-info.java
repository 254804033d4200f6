/** The container engine over the Docker Engine API, local or remote. */
@NullMarked
package dev.burstlet.docker;

import org.jspecify.annotations.NullMarked;
