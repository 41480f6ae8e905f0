/**
 * Brings every stored account number, and every secret that is encrypted like them, under the key
 * that encrypts now, while nodes run, and tells which keys nothing is under any more. Blocking, for
 * commands. Uses binding, keys, platform.
 */
@NullMarked
package dev.settle.router.reencryption;

import org.jspecify.annotations.NullMarked;
