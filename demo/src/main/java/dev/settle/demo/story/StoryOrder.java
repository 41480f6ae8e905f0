package dev.settle.demo.story;

/**
 * One story to be played.
 *
 * @param merchant its number, from 1
 * @param seed for what the story leaves to chance: cards, pauses
 */
record StoryOrder(StoryKind kind, int merchant, long seed) {}
