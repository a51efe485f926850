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
  local what=$1 log code=0 ticking
  shift
  log=$(mktemp)
  say "$what"
  tell_progress "$log" &
  ticking=$!
  "$@" >"$log" 2>&1 </dev/null || code=$?
  kill "$ticking" 2>/dev/null || true
  wait "$ticking" 2>/dev/null || true
  if [[ -t 1 ]]; then printf '\r\033[K'; fi
  if ((code == 0)); then
    rm -f "$log"
  else
    # Unmangled, but not endless.
    tail -n 100 "$log" >&2
    rm -f "$log"
    fail "failed: $what"
  fi
}

# How far something is that takes long, by the last line of its log: at a terminal in one line that changes, elsewhere now and then in a new
# one. Ends with the script.
tell_progress() {
  local log=$1 begin=$SECONDS pause=10 now
  if [[ -t 1 ]]; then pause=1; fi
  while sleep "$pause" && kill -0 $$ 2>/dev/null; do
    now=$(tail -n 1 "$log" 2>/dev/null | sed -E 's/^ +//; s/ -> .*//' | cut -c 1-60) || true
    if [[ -t 1 ]]; then printf '\r\033[K  %s s  %s' $((SECONDS - begin)) "$now"; else say "  $((SECONDS - begin)) s  $now"; fi
  done
}

is_root() { [[ $(id -u) == 0 ]]; }

has() { command -v "$1" >/dev/null 2>&1; }
