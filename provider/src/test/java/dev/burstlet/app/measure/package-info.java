/** Tests of what this process tells of itself. */
@NullMarked
package dev.burstlet.app.measure;

import org.jspecify.annotations.NullMarked;
