/**
 * Runs routers on hosts of their own (network namespaces) under faults, and audits what came of it:
 * {@link dev.settle.load.faults.FaultRun} from top to bottom, {@link dev.settle.load.faults.Audit}
 * for what is promised.
 */
@NullMarked
package dev.settle.load.faults;

import org.jspecify.annotations.NullMarked;
