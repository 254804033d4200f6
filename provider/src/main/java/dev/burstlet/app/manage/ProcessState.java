package dev.burstlet.app.manage;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What the endpoint tells, asked anew each time. */
record ProcessState(Supplier<String> metrics, BooleanSupplier healthy) {}
