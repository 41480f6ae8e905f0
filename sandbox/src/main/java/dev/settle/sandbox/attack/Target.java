package dev.settle.sandbox.attack;

/**
 * Whom to attack.
 *
 * @param port of 127.0.0.1
 * @param terminalToken with which sales are sent
 * @param readerToken with which people read
 */
public record Target(int port, String terminalToken, String readerToken) {}
