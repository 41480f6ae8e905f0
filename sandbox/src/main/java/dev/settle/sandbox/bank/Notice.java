package dev.settle.sandbox.bank;

/**
 * One notification.
 *
 * @param id the same in every attempt and duplicate of it, after a restart too
 * @param body the JSON that is sent
 * @param delayMs how long the first attempt waits
 */
record Notice(String id, String body, long delayMs) {}
