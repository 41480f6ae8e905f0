package dev.settle.router.platform;

import java.time.Duration;

/**
 * Every bound of the router, so that nothing waits or grows without one (invariant I8). One list,
 * however long, so that whoever changes a bound sees what it has to fit to.
 */
public final class Limits {

  // Ingest.

  /** A single transaction's body, in bytes; a valid one has about 300. */
  public static final int TRANSACTION_BYTES = 16 * 1024;

  /** One line of a bulk upload, in bytes. */
  public static final int LINE_BYTES = 16 * 1024;

  /**
   * A merchant's onboarding document or line, in bytes; a chain may bring thousands of terminals.
   */
  public static final int MERCHANT_BYTES = 256 * 1024;

  /** Any other request body, in bytes. */
  public static final int BODY_BYTES = 16 * 1024;

  /**
   * Bytes of a refused request's body that are read and thrown away, so that its sender hears the
   * answer and can use the connection again; the connection of one that sends more is closed.
   */
  public static final int DISCARDED_BYTES = 16 * 1024 * 1024;

  /** Lines of one bulk upload that are read and not yet answered. */
  public static final int BULK_WINDOW_LINES = 4_000;

  /**
   * Lines of all uploads of one event loop that wait for a commit: some commits full of them, so
   * that single sales, which wait behind them, do not wait long.
   */
  public static final int BULK_LINES = 4_000;

  /**
   * Uploads of one event loop that wait for room; while they do, new ones are answered 503. Twice
   * as many recorded no more and took twice as long, past their senders' patience when the database
   * was slow for a while.
   */
  public static final int BULK_WAITING = 8;

  // Connections of callers.

  /**
   * A connection on which nothing is asked for so long is closed, whatever bytes come on it: slow
   * clients do not keep places.
   */
  public static final Duration CONNECTION_IDLE = Duration.ofSeconds(60);

  /** The same while more than three quarters of the node's connections are open. */
  public static final Duration CONNECTION_IDLE_CROWDED = Duration.ofSeconds(5);

  /** How often each connection is looked at. */
  public static final Duration CONNECTION_LOOK = Duration.ofSeconds(1);

  /** Where a PROXY header has to come first: from the connection's beginning to its last byte. */
  public static final Duration PROXY_HEADER = Duration.ofSeconds(5);

  /** Such a header may be so long: two addresses, and what load balancers add. */
  public static final int PROXY_HEADER_BYTES = 4 * 1024;

  /** From the first byte of a request's head to its last. */
  public static final Duration REQUEST_HEAD = Duration.ofSeconds(10);

  /** From a request's head to the end of its body; uploads apart, see {@link #UPLOAD_LINE}. */
  public static final Duration REQUEST_BODY = Duration.ofSeconds(20);

  /** From the first piece of an upload's line to its end. */
  public static final Duration UPLOAD_LINE = Duration.ofSeconds(20);

  /** An upload of which nothing at all comes for so long, while it could, is over. */
  public static final Duration UPLOAD_SILENCE = CONNECTION_IDLE;

  /** How often an upload is looked at. */
  public static final Duration UPLOAD_LOOK = Duration.ofSeconds(2);

  /**
   * Over so long a time, an answer that waits for its reader has to be taken at {@link
   * #ANSWER_BYTES_PER_SECOND}.
   */
  public static final Duration ANSWER_UNREAD = Duration.ofSeconds(20);

  /** So fast a slow line takes an answer at least. */
  public static final long ANSWER_BYTES_PER_SECOND = 256;

  /**
   * Bytes of answers that the kernel keeps for a reader; it takes twice as many. By itself it would
   * take megabytes for each who does not read.
   */
  public static final int SEND_BUFFER_BYTES = 256 * 1024;

  /** Connections that are told at once why they are turned away; beyond, they are only closed. */
  public static final int TOLD_AT_ONCE = 256;

  /** How long they have to read it. */
  public static final Duration TOLD = Duration.ofSeconds(1);

  /** File descriptors that a process keeps for everything but its callers' connections. */
  public static final int OTHER_DESCRIPTORS = 1_000;

  /** Connections to the management port: Prometheus, whoever asks for health, people. */
  public static final int MANAGEMENT_CONNECTIONS = 128;

  /** Seconds of a caller's rate that he may use up at once. */
  public static final int RATE_BURST = 2;

  /** Callers whose rate is remembered, in each kind. */
  public static final int RATED_CALLERS = 10_000;

  // HTTP/2, for each connection.

  /** Requests that are open at once. */
  public static final int HTTP2_STREAMS = 100;

  /** Frames that carry nothing of a request, within {@link #HTTP2_FRAMES_WINDOW}. */
  public static final int HTTP2_IDLE_FRAMES = 200;

  /** Frames that make room for answers, within it. */
  public static final int HTTP2_WINDOW_UPDATES = 20_000;

  public static final Duration HTTP2_FRAMES_WINDOW = Duration.ofSeconds(10);

  /**
   * Streams that a client takes back after it has opened them, or makes us take back, within it.
   */
  public static final int HTTP2_RESETS = 100;

  /** Small pieces that one head may come in. */
  public static final int HTTP2_CONTINUATIONS = 16;

  /** Connections that wait to be accepted by the kernel. */
  public static final int ACCEPT_BACKLOG = 4_096;

  /** One request's head, in bytes, and what may follow a body in chunks. */
  public static final int HEADER_BYTES = 16 * 1024;

  /** Headers of one request. */
  public static final int HEADERS = 100;

  /** A request's first line, in bytes. */
  public static final int REQUEST_LINE_BYTES = 4 * 1024;

  // Recording, for each event loop.

  /** Transactions that wait for a commit; more are answered 503. */
  public static final int RECORD_QUEUE = 20_000;

  /**
   * Transactions of one commit: a credit's place in it has twelve bits. Larger ones gained nothing
   * when measured.
   */
  public static final int RECORD_ROWS = 1_000;

  /**
   * Attempts to record one batch that the database answered with a deadlock or serialization
   * failure.
   */
  public static final int RECORD_ATTEMPTS = 3;

  /** How often a recorder says in the log that the database confirms nothing. */
  public static final Duration OUTAGE_SAID_EVERY = Duration.ofSeconds(5);

  /** How often an event loop looks at its queue, and at how late it is itself. */
  public static final Duration TICK = Duration.ofMillis(100);

  /** Seconds that a client is asked to stay away when the queue is full. */
  public static final int RETRY_AFTER_SECONDS = 1;

  // Bindings.

  /** Merchants' routes in this node's heap, about 500 bytes each; the least used go first. */
  public static final int LOCAL_ROUTES = 500_000;

  /** How long the cluster's map may take on a miss before PostgreSQL is asked. */
  public static final Duration ROUTE_MAP_DEADLINE = Duration.ofMillis(5);

  /** Account numbers decrypted in this node's heap. */
  public static final int LOCAL_ACCOUNTS = 200_000;

  // Dispatch, for each event loop.

  /** Recorded credits that wait in memory to be sent; more are left to the sweep. */
  public static final int DISPATCH_QUEUE_CREDITS = 100_000;

  /** Recorded batches that wait in memory to be sent, however small. */
  public static final int DISPATCH_QUEUE_BATCHES = 4_000;

  /** Credits that are claimed and sent together, rail permitting. */
  public static final int CONSIGNMENT_CREDITS = 2_000;

  /** Batches that are claimed and sent together. */
  public static final int CONSIGNMENT_BATCHES = 256;

  /** Between the starts of two consignments of a lane that are not full; docs/decisions/0015. */
  public static final Duration GATHERING = Duration.ofMillis(10);

  /** Consignments of one rail under way at once, at most; how many, the bank's answers decide. */
  public static final int CONSIGNMENTS_PER_RAIL = 4;

  /** Consignments of one rail under way at once before anything is known of its pace. */
  public static final int FIRST_PACE = 2;

  /**
   * Claims of one consignment before it is left to the sweep; each retry means that a route changed
   * in between.
   */
  public static final int CLAIM_ATTEMPTS = 5;

  /** How long a bank may take to answer. */
  public static final Duration BANK_ANSWER = Duration.ofSeconds(30);

  /**
   * How long a bank that answers others may take before a request is given up and its outcome
   * enquired, and its accounts are looked at one by one.
   */
  public static final Duration SLOW_ANSWER = Duration.ofMillis(1_500);

  /** How often a request that waits for its answer looks whether it was overtaken. */
  public static final Duration SLOW_ANSWER_LOOKS = Duration.ofMillis(500);

  /** Accounts that are sent apart because a bank is slow with them. */
  public static final int SLOW_ACCOUNTS = 10_000;

  /** Consignments to slow accounts under way at once, of one node. */
  public static final int SLOW_AT_ONCE = 16;

  /** Connections of a node to one bank for transfers and enquiries. */
  public static final int BANK_CONNECTIONS = 64;

  /** Refusals and returns of one credit by banks; then it is a person's move. */
  public static final int REFUSALS = 30;

  /** When a retry, that something else is in the way of, is looked at again. */
  public static final Duration RETRY_IN_THE_WAY = Duration.ofMinutes(1);

  /** Bytes of a bank's answer. */
  public static final int BANK_ANSWER_BYTES = 8 * 1024 * 1024;

  // Notifications of banks.

  /** A notification's body, in bytes; one has about 300. */
  public static final int NOTIFICATION_BYTES = 16 * 1024;

  /** Secrets of one rail that are good at once, while it goes from one to the next. */
  public static final int NOTIFICATION_SECRETS = 8;

  /** Signatures of one message that are looked at. */
  public static final int NOTIFICATION_SIGNATURES = 8;

  // Take-over.

  /** How often a node renews its lease and looks for batches that nobody moves. */
  public static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

  /** How long a silent node is still believed to live. */
  public static final Duration LEASE = Duration.ofSeconds(5);

  /** Batches that one sweep takes. */
  public static final int SWEEP_BATCHES = 200;

  // Freshness of routes.

  /**
   * After so long without a notice the line to the database is taken for dead and another one is
   * listened on: the canary is noticed every second.
   */
  public static final Duration ROUTE_NOTICE_SILENCE = Duration.ofSeconds(10);

  /** How often a node looks for changed routes that it was not told of. */
  public static final Duration ROUTE_FEED_EVERY = Duration.ofSeconds(1);

  /** How long a node waits for the cluster to bring what the database has notified. */
  public static final Duration ROUTE_FEED_PATIENCE = Duration.ofMillis(3);

  /** How often the canary is rewritten, by one node. */
  public static final Duration CANARY_EVERY = Duration.ofMillis(900);

  /** Changes that are read in one look; after more at once every route is read anew. */
  public static final int ROUTE_TAIL = 20_000;

  // Enquiries.

  /** How often a node looks for credits to ask banks about. */
  public static final Duration ENQUIRE_EVERY = Duration.ofSeconds(1);

  /** The pause before a bank is first asked about a credit that it took or that is in doubt. */
  public static final Duration ENQUIRY_PAUSE = Duration.ofSeconds(2);

  /** The longest pause before it is asked again, and before a batch in doubt is. */
  public static final Duration ENQUIRY_PAUSE_MAX = Duration.ofMinutes(5);

  /** Credits that are asked about at once. */
  public static final int ENQUIRIES = 500;

  /** Transfers of which is remembered that an enquiry with them was not answered. */
  public static final int ENQUIRY_SIZES = 100_000;

  /**
   * Times that a batch in doubt is asked about as a whole without an answer, before its credits are
   * asked about each for itself.
   */
  public static final int ENQUIRIES_AS_A_WHOLE = 4;

  /** Times that so many are taken, one after the other, before the next look. */
  public static final int ENQUIRY_ROUNDS = 20;

  /** How long credits that are being asked about belong to the node that took them. */
  public static final Duration ENQUIRY_LEASE = BANK_ANSWER.plusSeconds(10);

  // Breaker of a rail.

  /** Requests that its failure rate is taken of. */
  public static final int BREAKER_REQUESTS = 20;

  /** Requests before there is a rate. */
  public static final int BREAKER_LEAST_REQUESTS = 4;

  /** Requests that probe a rail that was out. */
  public static final int BREAKER_PROBES = 2;

  /** How long a rail is left alone when its breaker opens; it doubles with every vain probe. */
  public static final Duration BREAKER_PAUSE = Duration.ofSeconds(1);

  /** The longest that it is left alone. */
  public static final Duration BREAKER_PAUSE_MAX = Duration.ofSeconds(15);

  /** How long what no other rail carries is left alone while its rail is out. */
  public static final Duration DIVERT_PAUSE = Duration.ofSeconds(2);

  /** How often what is overdue is counted. */
  public static final Duration OVERDUE_EVERY = Duration.ofSeconds(5);

  /** Counts for each time that the rails' normal times are learned. */
  public static final int OVERDUE_LOOKS_PER_LESSON = 12;

  /** Credits that a rail's normal time is learned from, at least and at most. */
  public static final int NORMAL_TIME_LEAST = 20;

  public static final int NORMAL_TIME_SAMPLES = 1_000;

  /** How often the database is told which rails are out. */
  public static final Duration RAIL_WATCH_EVERY = Duration.ofSeconds(1);

  /** How long a stopping node waits for what it has under way. */
  public static final Duration DRAIN = Duration.ofSeconds(20);

  // What people ask.

  /**
   * Open batches that one question about a merchant or an account looks through: up to {@link
   * #RECORD_ROWS} credits each. Beyond, the answer says that it is not complete.
   */
  public static final int OPEN_BATCHES_READ = 2_000;

  /** Bindings in one page of a merchant's history. */
  public static final int BINDING_PAGE = 100;

  /** Credits in one page of a merchant's list. */
  public static final int CREDIT_PAGE = 100;

  /**
   * Terminals that one page of a merchant's credits is put together from; of a merchant with more,
   * the answer says that it is not complete.
   */
  public static final int CREDIT_TERMINALS = 200;

  /** Terminals of one merchant. */
  public static final int MERCHANT_TERMINALS = 10_000;

  // Release of what was held.

  /** How often a node looks for credits that may go on. */
  public static final Duration RELEASE_EVERY = Duration.ofSeconds(1);

  /** Merchants with open departures that are looked at for one release. */
  public static final int RELEASE_LOOK = 1_000;

  /**
   * Looks that one run takes without finding anything: with more merchants than these see, the next
   * run goes on where this one ended.
   */
  public static final int RELEASE_LOOKS = 10;

  /** Merchants that share one release, so that none waits until another's backlog is through. */
  public static final int RELEASE_MERCHANTS = 50;

  /** Credits of one release. */
  public static final int RELEASE_CREDITS = 1_000;

  /** Released credits that wait to be sent; more are not released before these are on their way. */
  public static final int RELEASE_AHEAD = 1_000;

  /** How long a run waits for them before it leaves the rest to the next. */
  public static final Duration RELEASE_PATIENCE = Duration.ofSeconds(5);

  // Exceptions, and what operators order of them.

  /** Exceptions on one page, at most, and where nobody says how many. */
  public static final int EXCEPTION_PAGE_MAX = 200;

  public static final int EXCEPTION_PAGE = 100;

  /** Credits that an order names one by one; a body has room for them. */
  public static final int EXCEPTION_CREDITS = 500;

  /** Credits that one order acts on. */
  public static final int EXCEPTION_ORDER_CREDITS = 100_000;

  /** The longest wait that can be asked for. */
  public static final int EXCEPTION_AGE_DAYS = 3_660;

  /** Orders on one page. */
  public static final int EXCEPTION_ORDER_PAGE = 50;

  /** How often a node looks for orders to carry out. */
  public static final Duration EXCEPTION_ORDERS_EVERY = Duration.ofMillis(250);

  /** Orders that a node carries out at once, in turns. */
  public static final int EXCEPTION_ORDERS_AT_ONCE = 8;

  /** Credits of one step of an order: one commit. */
  public static final int EXCEPTION_STEP = 500;

  /** Steps in a row that may fail before an order is stopped. */
  public static final int EXCEPTION_ORDER_FAULTS = 10;

  // Audit of the fence.

  /** How often a node looks at what was claimed. */
  public static final Duration AUDIT_EVERY = Duration.ofSeconds(2);

  /** Batches of one look: for so long sales share the database's processors with it. */
  public static final int AUDIT_BATCHES = 100;

  /** With more to look at, the pause is so many times as long as the look: a fifth of the time. */
  public static final int AUDIT_SHARE = 4;

  // Card changes.

  /** Documents of one application. */
  public static final int CARD_CHANGE_DOCUMENTS = 20;

  /** Applications on one page of a list. */
  public static final int CARD_CHANGES_LISTED = 100;

  /** How often a node looks for applications to verify, to put into force, or to end. */
  public static final Duration CARD_CHANGE_EVERY = Duration.ofMillis(250);

  /**
   * Connections of a node to a bank for questions about accounts; payments have others, so that a
   * bank that does not answer these holds up none.
   */
  public static final int VERIFICATION_CONNECTIONS = 4;

  /** Questions about accounts that wait for one of these connections. */
  public static final int VERIFICATION_QUEUE = 16;

  /** Applications that one node has asked a bank about at once: each has a connection. */
  public static final int VERIFICATIONS_AT_ONCE = VERIFICATION_CONNECTIONS;

  /**
   * How long one verification belongs to the node that took it: a connection may take as long to
   * come as an answer.
   */
  public static final Duration VERIFICATION_LEASE = BANK_ANSWER.multipliedBy(2).plusSeconds(15);

  /** The longest pause before a bank that gave no answer is asked again. */
  public static final Duration VERIFICATION_PAUSE_MAX = Duration.ofMinutes(5);

  /**
   * The longest pause before a change that could not be put into force at its time is tried again.
   */
  public static final Duration ACTIVATION_PAUSE_MAX = Duration.ofMinutes(1);

  /** Changes that one look puts into force, and that it ends. */
  public static final int CARD_CHANGES_AT_ONCE = 50;

  // Database connections; the recorder's and the dispatcher's are for each event loop, the others
  // for the node.

  /** Connections of one recorder; a commit in flight needs one. */
  public static final int RECORDER_CONNECTIONS = 1;

  /** Connections of one dispatcher. */
  public static final int DISPATCHER_CONNECTIONS = 5;

  /**
   * Connections for routes, account numbers and the lease: short statements that money waits for.
   */
  public static final int ROUTE_CONNECTIONS = 4;

  /**
   * Connections for what people order (freezes, holds, applications, approvals, onboarding), for
   * what the router itself has to write: nobody's reading holds these up.
   */
  public static final int CONTROL_CONNECTIONS = 4;

  /**
   * Connections for what the node looks at by itself, every second: changed routes and readiness. A
   * burst of orders, each of which may wait for a claim, must not make it look stale or dead.
   */
  public static final int FEED_CONNECTIONS = 2;

  /** Connections for what banks notify: a burst of it keeps nobody else waiting. */
  public static final int NOTIFICATION_CONNECTIONS = 2;

  /** Connections for what people read. */
  public static final int QUERY_CONNECTIONS = 4;

  /**
   * How long a migration waits for a table: whatever sale comes after it waits as long behind it.
   */
  public static final Duration MIGRATION_LOCK = Duration.ofSeconds(2);

  // Closed months leave the hot tables.

  /**
   * Days that a month stays hot beyond the replay window: a node's clock may be off, and an
   * operator may want the window longer.
   */
  public static final int ARCHIVE_MARGIN_DAYS = 7;

  /**
   * How long one attempt waits for a table that sales go into: whatever sale comes meanwhile waits
   * as long behind it.
   */
  public static final Duration ARCHIVE_LOCK = Duration.ofMillis(100);

  /** Attempts, until an operator is told that somebody uses the table all the time. */
  public static final int ARCHIVE_ATTEMPTS = 60;

  /** Between two attempts, and at most between two pieces. */
  public static final Duration ARCHIVE_PAUSE = Duration.ofSeconds(1);

  /** Credits whose departures and batches follow into the archive in one commit. */
  public static final int ARCHIVE_PIECE_CREDITS = 10_000;

  /** How often a node counts what is open, while that costs next to nothing. */
  public static final Duration BOOK_READ_EVERY = Duration.ofSeconds(1);

  /** One part of how many of the time a node may spend on counting what is open. */
  public static final int BOOK_READING_SHARE = 50;

  /** How often it does at least, however long it takes. */
  public static final Duration BOOK_READ_AT_LEAST_EVERY = Duration.ofSeconds(10);

  /** Account numbers that are encrypted anew in one commit; their rows are locked as long. */
  public static final int REENCRYPT_ACCOUNTS = 500;

  /** How often a node looks whether its database has a synchronous standby. */
  public static final Duration STANDBY_EVERY = Duration.ofSeconds(30);

  /** Statements that wait for a connection of one pool. */
  public static final int POOL_QUEUE = 1_000;

  /** A connection to the database is made within this, or tried anew. */
  public static final Duration DATABASE_CONNECT = Duration.ofSeconds(3);

  /**
   * What was sent to the database is acknowledged by its host within this, or the line is dead. A
   * line that was cut for less recovers by itself.
   */
  public static final Duration DATABASE_LINE = Duration.ofSeconds(10);

  /**
   * Nothing at all comes from the database for so long: the line is dead, and what was asked on it
   * is uncertain. Longer than any statement waits for a lock (20 seconds).
   */
  public static final Duration DATABASE_SILENCE = Duration.ofSeconds(30);

  /** A connection that nobody uses is given up well before it could be taken for dead. */
  public static final Duration DATABASE_IDLE = Duration.ofSeconds(15);

  /** Reads that wait for a connection. */
  public static final int READ_QUEUE = 200;

  /** How long the database may work on one read before it gives up. */
  public static final Duration READ_STATEMENT = Duration.ofSeconds(10);

  /** How long a reader waits, for a connection and for the database. */
  public static final Duration READ_ANSWER = Duration.ofSeconds(15);

  /** How long the answer to what is done waits for what was on its way before. */
  public static final Duration IN_FLIGHT_ANSWER = Duration.ofSeconds(2);

  // Breaks and reconciliation.

  /** Breaks in one page of a list. */
  public static final int BREAK_PAGE = 100;

  /** Resolutions in one page of a list. */
  public static final int RESOLUTION_PAGE = 100;

  /** Rail orders in one page of a list. */
  public static final int RAIL_ORDER_PAGE = 100;

  /** One line of a bank's statement, in bytes; the sandbox bank's have about 250. */
  public static final int STATEMENT_LINE_BYTES = 8 * 1024;

  /** How long reading a bank's statement may take, however steadily it comes. */
  public static final Duration STATEMENT = Duration.ofHours(1);

  /**
   * What was posted here, or booked back there, so short a time before the statement was asked for
   * may not be in both books yet: it is open, not a difference.
   */
  public static final Duration RECONCILIATION_GRACE = Duration.ofSeconds(60);

  /**
   * How far a bank's clock and ours may be apart, and how much later than it was said an entry may
   * be dated: a statement is read from so much earlier and to so much later.
   */
  public static final Duration STATEMENT_CLOCK_SKEW = Duration.ofHours(1);

  /** Differences that are read, written and opened as breaks at once. */
  public static final int DIFFERENCES_AT_ONCE = 1_000;

  /** Open breaks that a report names as to be closed; it counts the others. */
  public static final int BREAKS_TO_CLOSE_LISTED = 1_000;

  // Events for consoles.

  /** Streams of one node: people who watch, each with a window or two. */
  public static final int EVENT_STREAMS = 64;

  /** Of those, by one person. */
  public static final int EVENT_STREAMS_OF_ONE = 8;

  /** Bytes of one stream that wait for its reader; what comes then is not written. */
  public static final int EVENT_STREAM_BYTES = 64 * 1024;

  /** Events of one stream that wait for its reader, figures apart; with more the stream ends. */
  public static final int EVENTS_WAITING = 256;

  /** How often a stream looks whether it is time to say something. */
  public static final Duration EVENT_STREAM_TICK = Duration.ofSeconds(1);

  /** A stream on which nothing was said for so long shows that it is there. */
  public static final Duration EVENT_HEARTBEAT = Duration.ofSeconds(10);

  /** A reader who takes nothing for so long is given up, and so is who does not take the end. */
  public static final Duration EVENT_STREAM_STUCK = Duration.ofSeconds(15);

  /** How often a node tells the others how it does, and its readers how all do. */
  public static final Duration PULSE_EVERY = Duration.ofSeconds(1);

  /** Nodes that a node remembers figures of. */
  public static final int FIGURES_NODES = 100;

  /** How long a node that fell silent is shown. */
  public static final Duration FIGURES_KEPT = Duration.ofHours(1);

  /** How old what a node said of its breakers may be to count. */
  public static final Duration FIGURES_FRESH = Duration.ofSeconds(10);

  // Audit.

  /** Connections for records, links and seals. */
  public static final int AUDIT_CONNECTIONS = 2;

  /** How often events are linked into the chain. */
  public static final Duration AUDIT_LINK_EVERY = Duration.ofSeconds(1);

  /** How often it is looked how far linking and sealing are behind. */
  public static final Duration AUDIT_LOOK_EVERY = Duration.ofSeconds(5);

  /** The same while the database is slow, so that a slow look is no sign of linking behind. */
  public static final Duration AUDIT_LOOK_AT_LEAST_EVERY = Duration.ofSeconds(20);

  /** Events that are looked through then for one that was committed after later ones. */
  public static final int AUDIT_LOOK_EVENTS = 1_000;

  /** Events that are linked in one step. */
  public static final int AUDIT_LINKS = 500;

  /** An event that is older and not linked, while a node runs, is a fault. */
  public static final Duration AUDIT_LATE = Duration.ofSeconds(30);

  /** How often repeated refusals are recorded. */
  public static final Duration AUDIT_REPEATS_EVERY = Duration.ofMinutes(1);

  /**
   * Kinds of refusals that are told apart at once: of callers without a name, of those with one,
   * and of log-ins so many each.
   */
  public static final int AUDIT_KINDS = 1_000;

  /** Kinds of one caller that are told apart by their objects; of more, only by their reasons. */
  public static final int AUDIT_KINDS_OF_ONE = 100;

  /** Records of refusals that are being written; a first one beyond comes with the repeats. */
  public static final int AUDIT_WRITES = 64;

  /** Pauses of sealing are so many times as long as its work: 2 % of the time. */
  public static final int SEAL_SHARE = 49;

  /** How often it is looked for credits to seal, when all were sealed. */
  public static final Duration SEAL_EVERY = Duration.ofSeconds(10);

  /** Batches whose credits are sealed together. */
  public static final int SEAL_BATCHES = 500;

  /**
   * Credits that are sealed together, but for the last batch: for so long one of the database's
   * processors is busy with it, and sales wait for the others.
   */
  public static final int SEAL_CREDITS = 2_000;

  /** Events in one page of a list. */
  public static final int AUDIT_PAGE = 100;

  /** Departures that are looked at in one step. */
  public static final int SEAL_DEPARTURES = 5_000;

  /** How often all departures are walked through. */
  public static final Duration SEAL_WALK_EVERY = Duration.ofMinutes(10);

  // Webhooks.

  /** Webhooks of one merchant or acquirer. */
  public static final int WEBHOOKS_OF_ONE = 4;

  /** A receiver's address, in characters. */
  public static final int WEBHOOK_URL_LENGTH = 2_048;

  /** Webhooks on one page of a list, and changes that one shows of itself. */
  public static final int WEBHOOK_PAGE = 100;

  /** Events of one message, and of one page; about 500 bytes each. */
  public static final int WEBHOOK_EVENTS = 500;

  /** Events that may wait for one receiver; then it is paused and none is gathered for it. */
  public static final int WEBHOOK_BACKLOG = 1_000_000;

  /** Events are kept for so long, delivered or not. */
  public static final int WEBHOOK_KEPT_HOURS = 168;

  /** Of one webhook that are forgotten in one commit. */
  public static final int WEBHOOK_FORGET_EVENTS = 10_000;

  /** Webhooks whose events are forgotten in one commit. */
  public static final int WEBHOOK_FORGET_AT_ONCE = 20;

  /** How often old events are forgotten, and the index of settlements is brought up to date. */
  public static final Duration WEBHOOK_TIDY_EVERY = Duration.ofMinutes(1);

  /** How often a node reads in the book what webhooks are to be told. */
  public static final Duration WEBHOOK_GATHER_EVERY = Duration.ofMillis(500);

  /** Credits that one such reading goes through; with more the next follows at once. */
  public static final int WEBHOOK_GATHER_CREDITS = 20_000;

  /** How often a node counts what waits. */
  public static final Duration WEBHOOK_COUNT_EVERY = Duration.ofSeconds(5);

  /** How often a node looks for messages that are due. */
  public static final Duration WEBHOOK_LOOK_EVERY = Duration.ofMillis(250);

  /** Messages of a node under way at once to receivers that acknowledged the last one. */
  public static final int WEBHOOK_SOUND_AT_ONCE = 32;

  /**
   * The same of them to one host: with so many it gets no more, and no look takes more than so
   * many, so that one that goes down with all its receivers leaves places to others.
   */
  public static final int WEBHOOK_SOUND_OF_HOST = 8;

  /** The same to receivers that did not: they take nobody else's place. */
  public static final int WEBHOOK_FAILING_AT_ONCE = 16;

  /** Names that are looked up at once: of every message under way, and of calls. */
  public static final int WEBHOOK_NAMES_AT_ONCE = 64;

  /** How long a name may take to be found, and then a receiver to take a connection. */
  public static final Duration WEBHOOK_CONNECT = Duration.ofSeconds(3);

  /** How long a receiver may take to answer. */
  public static final Duration WEBHOOK_ANSWER = Duration.ofSeconds(10);

  /** Bytes of its answer that are read and thrown away; then the connection is closed. */
  public static final int WEBHOOK_ANSWER_BYTES = 16 * 1024;

  /**
   * How long a message belongs to the node that took it. What has not left in half of it does not.
   */
  public static final Duration WEBHOOK_LEASE = Duration.ofSeconds(60);

  /** The pause after a first try that was not acknowledged; it doubles. */
  public static final Duration WEBHOOK_PAUSE = Duration.ofSeconds(5);

  /** The longest pause. */
  public static final Duration WEBHOOK_PAUSE_MAX = Duration.ofHours(1);

  /** A receiver that acknowledged nothing for so long is paused. */
  public static final int WEBHOOK_GIVE_UP_HOURS = 72;

  /** A secret is good for so long after the next was made. */
  public static final int WEBHOOK_SECRET_OVERLAP_HOURS = 24;

  /** Secrets of one webhook that are good at once: the newest and those before it. */
  public static final int WEBHOOK_SECRETS = 4;

  /** How long a stopping node waits for messages under way. */
  public static final Duration WEBHOOK_DRAIN = Duration.ofSeconds(5);

  /** Database connections of a node for webhooks: nothing else waits for theirs. */
  public static final int WEBHOOK_CONNECTIONS = 3;

  // Access.

  /** Verified tokens remembered. */
  public static final int REMEMBERED_TOKENS = 10_000;

  /** Merchants that one token, API key or certificate names. */
  public static final int SCOPE_MERCHANTS = 1_000;

  /** How far an issuer's clock may be ahead of ours. */
  public static final Duration TOKEN_CLOCK_SKEW = Duration.ofSeconds(30);

  /** Public keys of an issuer of tokens. */
  public static final int JWKS_KEYS = 32;

  /** Bytes of the document that holds them. */
  public static final int JWKS_BYTES = 256 * 1024;

  /** How often they are read anew. */
  public static final Duration JWKS_EVERY = Duration.ofMinutes(5);

  /** Between two readings of them that tokens with unknown keys cause. */
  public static final Duration JWKS_PAUSE = Duration.ofSeconds(10);

  /** How long their source may take to answer. */
  public static final Duration JWKS_ANSWER = Duration.ofSeconds(5);

  /** How long they are believed while their source says nothing. */
  public static final Duration JWKS_KEPT = Duration.ofHours(12);

  /** API keys that are good at once. */
  public static final int API_KEYS = 10_000;

  /** How often a node looks whether API keys were issued or revoked, if it is not told. */
  public static final Duration API_KEYS_EVERY = Duration.ofSeconds(2);

  /** API keys that an event loop has ready to compute with. */
  public static final int API_KEYS_READY = 256;

  /** How far the time of a request's signature and ours may be apart. */
  public static final Duration SIGNATURE_WINDOW = Duration.ofSeconds(60);

  /**
   * Places for signatures of one generation, of two windows' time; three quarters of them are
   * filled. Two generations, of 8 bytes a place, are what a node remembers: 64 MiB, which is not
   * taken before the first signed request.
   */
  public static final int SIGNATURE_PLACES = 1 << 22;

  /** Bytes of an upload that is signed: it is held until its digest is known to be right. */
  public static final int SIGNED_BULK_BYTES = 4 * 1024 * 1024;

  /** Bytes of such an upload that are taken at a time. */
  public static final int HELD_PIECE_BYTES = 64 * 1024;

  /** Signed uploads of one event loop that are held so at once. */
  public static final int SIGNED_BULKS = 8;

  /** How often a node looks whether its certificate was renewed. */
  public static final Duration CERTIFICATES_EVERY = Duration.ofSeconds(10);

  /** Connections of which an event loop remembers whose certificate they showed. */
  public static final int CERTIFIED_CONNECTIONS = 20_000;

  static {
    require(RECORD_ROWS < 4_096, "a credit's place in its commit has twelve bits");
    require(RECORD_ROWS <= RECORD_QUEUE, "a full commit must fit into the queue");
    require(BULK_LINES < RECORD_QUEUE, "uploads must leave places in the queue to single sales");
    require(BULK_LINES >= 2 * RECORD_ROWS, "while one commit of uploads is under way, one waits");
    require(RECORD_ROWS <= CONSIGNMENT_CREDITS, "a recorded batch must fit into one consignment");
    require(RELEASE_CREDITS < 4_096, "a batch has no more places than a credit's id names");
    require(RELEASE_CREDITS <= CONSIGNMENT_CREDITS, "a released batch must fit into one");
    require(RELEASE_MERCHANTS <= RELEASE_CREDITS, "each merchant of a release has a share in it");
    require(
        RELEASE_AHEAD + RELEASE_CREDITS <= DISPATCH_QUEUE_CREDITS,
        "what is released must fit into the queue");
    require(CONSIGNMENT_CREDITS <= DISPATCH_QUEUE_CREDITS, "a consignment must fit into the queue");
    require(
        SWEEP_EVERY.multipliedBy(3).compareTo(LEASE) < 0, "a lease must outlast three renewals");
    require(
        WEBHOOK_ANSWER.plus(WEBHOOK_CONNECT.multipliedBy(2)).compareTo(WEBHOOK_LEASE.dividedBy(2))
            < 0,
        "a message that left in time is answered or given up within its lease");
    require(
        WEBHOOK_GIVE_UP_HOURS < WEBHOOK_KEPT_HOURS, "what a receiver is paused for is still kept");
    require(
        2 * WEBHOOK_SOUND_OF_HOST <= WEBHOOK_SOUND_AT_ONCE / 2,
        "a host of webhooks that goes down leaves half of the places to others");
    require(
        WEBHOOK_SOUND_AT_ONCE + WEBHOOK_FAILING_AT_ONCE < WEBHOOK_NAMES_AT_ONCE,
        "no message waits for another's name");
    require(SLOW_AT_ONCE <= BANK_CONNECTIONS / 2, "slow accounts leave connections to the others");
    require(READ_STATEMENT.compareTo(READ_ANSWER) < 0, "a reader hears why the database gave up");
    require(
        VERIFICATIONS_AT_ONCE <= VERIFICATION_CONNECTIONS,
        "no verification may spend its lease waiting for another's connection");
    require(
        JWKS_PAUSE.compareTo(JWKS_ANSWER) > 0,
        "one reading of an issuer's keys ends before the next");
    require(
        CONNECTION_IDLE_CROWDED.compareTo(REQUEST_HEAD) < 0,
        "who is crowded out is gone before he is late");
    require(
        EVENT_STREAM_STUCK.compareTo(ANSWER_UNREAD) < 0, "a stream is given up by itself first");
    require(
        EVENT_HEARTBEAT.compareTo(CONNECTION_IDLE) < 0,
        "a stream says something before its connection is taken for idle");
    require(
        BANK_ANSWER.multipliedBy(2).compareTo(VERIFICATION_LEASE) < 0,
        "a verification's lease must outlast the longest wait for its bank");
  }

  private Limits() {}

  private static void require(boolean holds, String relation) {
    if (!holds) {
      throw new AssertionError(relation);
    }
  }
}
