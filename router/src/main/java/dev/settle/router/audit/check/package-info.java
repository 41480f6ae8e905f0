/**
 * The check that nothing of the audit and the book was changed, and the audit as a table; for
 * commands. Uses {@code platform}; of what writes the audit nothing.
 */
@NullMarked
package dev.settle.router.audit.check;

import org.jspecify.annotations.NullMarked;
