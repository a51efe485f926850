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

is_root() { [[ $(id -u) == 0 ]]; }

has() { command -v "$1" >/dev/null 2>&1; }
