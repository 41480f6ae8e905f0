package dev.settle.router.binding;

/** Whether an account may receive. Only {@link #ACTIVE} may. */
public enum AccountStatus {
  ACTIVE,
  RESTRICTED,
  FROZEN,
  CLOSED,
  UNVERIFIED
}
