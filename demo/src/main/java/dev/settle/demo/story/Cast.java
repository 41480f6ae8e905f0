package dev.settle.demo.story;

/**
 * Who plays: a bearer token each. Maker and checker are different people, as the router demands.
 *
 * @param maker applies for cards
 * @param checker approves and rejects
 * @param operator freezes and thaws
 */
public record Cast(String maker, String checker, String operator) {}
