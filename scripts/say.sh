# How the script talks, and small things that every part needs.

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Paths on the command line are meant from where the caller stands.
absolute() { case $1 in /*) printf '%s' "$1" ;; *) printf '%s' "$caller/$1" ;; esac }

# Runs something that is interesting only when it fails: quietly "$what" command…
quietly() {
  local what=$1 log
  shift
  log=$(mktemp)
  say "$what"
  if "$@" >"$log" 2>&1 </dev/null; then
    rm -f "$log"
  else
    # Unmangled, but not endless.
    tail -n 100 "$log" >&2
    rm -f "$log"
    fail "failed: $what"
  fi
}

# The same for what takes long: watched "$what" progress command…; progress LOG says how far it is. On a terminal that is a line which
# changes, elsewhere a line now and then.
watched() {
  local what=$1 progress=$2 log code=0 reporter
  shift 2
  log=$(mktemp)
  say "$what"
  report "$progress" "$log" &
  reporter=$!
  "$@" >"$log" 2>&1 </dev/null || code=$?
  kill "$reporter" 2>/dev/null || true
  wait "$reporter" 2>/dev/null || true
  if [[ -t 1 ]]; then printf '\r\033[K'; fi
  if ((code != 0)); then tail -n 100 "$log" >&2; fi
  rm -f "$log"
  ((code == 0)) || fail "failed: $what"
}

# Until it is ended, or whoever began it is gone.
report() {
  local progress=$1 log=$2 begin=$SECONDS
  while kill -0 $$ 2>/dev/null; do
    sleep 1 >/dev/null 2>&1
    if [[ -t 1 ]]; then
      printf '\r\033[K  %s s, %s' $((SECONDS - begin)) "$("$progress" "$log")"
    elif (((SECONDS - begin) % 15 == 0)); then
      say "  $((SECONDS - begin)) s, $("$progress" "$log")"
    fi
  done
}

is_root() { [[ $(id -u) == 0 ]]; }

has() { command -v "$1" >/dev/null 2>&1; }
