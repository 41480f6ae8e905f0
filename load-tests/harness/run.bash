# What starts a load test that is written in Java, with all that the checkout has built: sourced, not run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

fail() {
  printf '%s: %s\n' "${name:?}" "$1" >&2
  exit 2
}

# $@: program:package-of-Debian
need() {
  local tool missing=
  for tool in "$@"; do
    command -v "${tool%:*}" >/dev/null || missing="$missing ${tool%:*} (Debian: ${tool#*:})"
  done
  [ -z "$missing" ] || fail "not installed:$missing"
}

# Builds what is stale, unless told not to.
build() {
  [ "${SETTLE_BUILD:-}" = never ] || "$root/bin/settle" load --list >/dev/null
}

# $1: class below dev.settle.load; $@: its arguments. Becomes that program, so that every signal reaches it once and its exit code is ours.
# HEAP_PERCENT: how much of the machine's memory it may take, where the bank, which lives in it, has tens of millions of payments to remember.
become() {
  local class=$1
  shift
  build
  SETTLE_BUILD=never SETTLE_PROGRAM="dev.settle.load.$class" SETTLE_HEAP_PERCENT=${HEAP_PERCENT:-} exec "$root/bin/settle" "$@"
}
