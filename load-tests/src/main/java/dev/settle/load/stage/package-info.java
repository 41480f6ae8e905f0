/**
 * What a scenario is played on: the router under load and what else can be asked of it, the sales,
 * what was answered to them, and the verdict. Speaks HTTP, and uses nothing of the router but its
 * roles.
 */
@NullMarked
package dev.settle.load.stage;

import org.jspecify.annotations.NullMarked;
