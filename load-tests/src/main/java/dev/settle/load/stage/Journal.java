package dev.settle.load.stage;

import dev.settle.demo.terminal.Acknowledgement;

/** Keeps what terminals were told, for whoever verifies the router afterwards. */
public interface Journal {

  /** For a router that nobody verifies. */
  Journal NONE = told -> {};

  /** Notes an acknowledgement; never waits. Safe for several threads. */
  void add(Acknowledgement told);
}
