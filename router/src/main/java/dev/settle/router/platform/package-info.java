/**
 * What every part stands on: settings, limits, problem documents, database pools, the cluster
 * instance. Uses nothing of the router.
 */
@NullMarked
package dev.settle.router.platform;

import org.jspecify.annotations.NullMarked;
