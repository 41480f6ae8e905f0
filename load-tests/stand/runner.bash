# What runs a load test that is written in Java: the checkout's jars, its own classes, a folder for its data. Sourced, not run. The
# script sets name.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
runner=

fail() {
  printf '%s: %s\n' "${name:?}" "$1" >&2
  exit 2
}

# shellcheck disable=SC2317 # the trap calls it
finish() {
  if [ -n "$runner" ]; then
    kill -TERM "$runner" 2>/dev/null || true
    wait "$runner" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# $1: package below dev.settle.load, $2: its main class; $@: arguments. --keep DIR: the data stays there, for a look at it afterwards.
run_java() {
  local package=$1 main=$2 good=0 libraries jar data=$work/data given=()
  shift 2
  while [ $# -gt 0 ]; do
    case $1 in
      --keep) data=${2:?} && shift ;;
      *) given+=("$1") ;;
    esac
    shift
  done
  command -v wrk >/dev/null || fail "wrk is not installed (Debian: wrk)"
  "$root/bin/settle" --version >/dev/null # builds what is stale
  libraries="$root/demo/target/lib/*"
  for jar in "$root"/demo/target/demo-[0-9]*.jar; do
    case $jar in *-tests.jar | *-sources.jar) ;; *) libraries="$jar:$libraries" ;; esac
  done
  "${JAVA_HOME:+$JAVA_HOME/bin/}javac" -cp "$libraries" -d "$work/classes" \
    "$root"/load-tests/src/main/java/dev/settle/load/{stand,"$package"}/*.java || fail "the runner does not compile"
  SETTLE_BUILD=never SETTLE_PROGRAM="$work/classes dev.settle.load.$package.$main" "$root/bin/settle" \
    --script "$root/load-tests/stand/single.lua" --data-dir "$data" "${given[@]}" &
  runner=$!
  wait "$runner" || good=$?
  runner=
  return $good
}
