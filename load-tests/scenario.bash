# What the scenarios share: a demo in the background, its metrics, and calls to it. Sourced, not run. The scenario sets port and
# name; demo_pid and work are set here.
# shellcheck shell=bash
export LC_ALL=C

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
api=http://127.0.0.1:${port:?}
metrics=http://127.0.0.1:$((port + 1))/metrics
# shellcheck disable=SC2034 # of scenarios that give the bank faults
bank=http://127.0.0.1:$((port + 2))
java=${JAVA_HOME:+$JAVA_HOME/bin/}
work=$(mktemp -d)
demo_pid=
helper_pid= # a probe or a seller in the background

finish() {
  for pid in $helper_pid $demo_pid; do
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap finish EXIT

say() { printf '%s\n' "$*"; }
fail() {
  say "${name:?}: $*" >&2
  tail -n 5 "$work/demo.log" >&2
  exit 1
}

# Starts the demo without stories and waits until its merchants are onboarded. $@: more options of the demo.
start_demo() {
  "$root/bin/settle" demo --no-stories --port "$port" --data-dir "$work/data" "$@" >"$work/demo.log" 2>&1 &
  demo_pid=$!
  for _ in $(seq 600); do
    curl -sf "http://127.0.0.1:$((port + 1))/health/ready" >/dev/null && grep -q onboarded "$work/demo.log" && break
    kill -0 "$demo_pid" 2>/dev/null || fail "the demo did not start"
    sleep 0.5
  done
  for role in terminal maker operator auditor; do
    "$root/bin/settle" token --role "$role" --subject "$name-$role" >"$work/$role.token"
  done
}

# Stops the demo, which verifies every invariant, and shows its summary. Fails when one does not hold.
stop_demo() {
  local good=0
  say "stopping, which verifies every invariant:"
  kill -TERM "$demo_pid"
  wait "$demo_pid" || good=1
  demo_pid=
  sed -n '/^Summary/,$p' "$work/demo.log"
  return $good
}

# $1: role, $2: method, $3: path, $4: JSON body or nothing. Prints the answer; fails on anything but a 2xx.
call() {
  local body=()
  [ -z "${4:-}" ] || body=(-H 'Content-Type: application/json' -d "$4")
  curl -sS --fail-with-body -m 60 -X "$2" -H "Authorization: Bearer $(cat "$work/$1.token")" "${body[@]}" "$api$3"
}

# Onboards a merchant that the demo does not have and prints its account's id. $1: merchant, $2: terminal, $3: account number.
onboard() {
  call maker POST /v1/merchants "{\"merchantId\":\"$1\",\"name\":\"Load\",\"mcc\":\"5411\",\"terminals\":[\"$2\"],
    \"account\":{\"number\":\"$3\",\"bank\":\"102\",\"holder\":\"Load\",\"type\":\"PERSONAL\"}}" |
    sed -n 's/.*"accountId":"\([^"]*\)".*/\1/p'
}

# Becomes the probe: only for subshells. $1: merchants of the demo; $@: more options.
probe() {
  exec "${java}java" -cp "$work" dev.settle.load.PostedProbe --target "$api" --token "$(cat "$work/terminal.token")" --merchants "$@"
}

compile_probe() { "${java}javac" -d "$work" "$root/load-tests/src/test/java/dev/settle/load/PostedProbe.java"; }

# The sum of a series, whatever its labels. $1: file, $2: name, $3: a label that it must have, or nothing.
sum() { awk -v name="$2" -v label="${3:-}" 'index($0, name) == 1 && substr($0, length(name) + 1, 1) ~ /[{ ]/ && (label == "" || index($0, label)) { s += $NF } END { printf "%d", s }' "$1"; }

# The upper end of the histogram's bucket that holds the 99th percentile of single sales between two readings, in ms.
accept_p99() { # before, after
  awk '/^settlement_accept_seconds_bucket/ {
      le = $0; sub(/.*le="/, "", le); sub(/".*/, "", le)
      if (FILENAME == ARGV[1]) from[le] = $NF; else { order[++n] = le; delta[le] = $NF - from[le] }
    }
    END { for (i = 1; i <= n; i++) if (delta[order[i]] >= 0.99 * delta[order[n]]) { print order[i] == "+Inf" ? "over" : order[i] * 1000; exit } }' "$1" "$2"
}
