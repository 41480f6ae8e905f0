/**
 * The keysets that account numbers are encrypted and compared with: their file, the key of a key
 * management service that encrypts the file, and their life from being made to being retired. Uses
 * platform.
 */
@NullMarked
package dev.settle.router.keys;

import org.jspecify.annotations.NullMarked;
