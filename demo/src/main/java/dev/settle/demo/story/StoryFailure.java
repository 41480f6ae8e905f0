package dev.settle.demo.story;

/** A story that did not go as told; the message says where, for the summary. */
final class StoryFailure extends Exception {

  private static final long serialVersionUID = 1;

  StoryFailure(String message) {
    super(message);
  }
}
