package dev.settle.router.audit.check;

/** Hears how far a check is. */
@FunctionalInterface
public interface AuditProgress {

  void tell(String what, long count);
}
