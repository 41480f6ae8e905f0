package dev.settle.router.access;

import java.time.Instant;

/** Who is calling, as a verified token says. */
public record Principal(String subject, Role role, Instant expiresAt) {}
