# orc, the command line of the cluster: what is no command of this script is passed on to it.

# Somebody may have one installed.
orc_program() { printf %s "${ORC:-$root/artifacts/bin/Cli/release/orc}"; }

# Whether the first word is none of ours. Before it there may be our options.
is_for_orc() {
  while (($# > 0)); do
    case $1 in
      up | down | status | logs | stop | start | restart | image | test | chaos | coverage | bench | mutate | help) return 1 ;;
      -f | --run-file | --folder) shift ;;
      -h | --help) return 1 ;;
      *) return 0 ;;
    esac
    (($# == 0)) || shift
  done
  return 1
}

# Whether the first name is that of an app which has run here.
is_app() {
  local word
  for word in "$@"; do
    case $word in
      -*) ;;
      *) [[ -f $folder/logs/$word.log ]]; return ;;
    esac
  done
  return 0
}

run_orc() {
  if [[ ${1-} == orc ]]; then shift; fi
  if [[ ! -x $(orc_program) ]]; then
    need_dotnet >&2
    build_apps >&2
  fi
  # Who says nothing means what "up" starts.
  export ORCHESTRATOR_DEFAULT_SERVER=${ORCHESTRATOR_DEFAULT_SERVER:-$(masters)}
  cd "$caller"
  exec "$(orc_program)" "$@"
}

# Where the masters of the run file are, with commas between them.
masters() {
  local ports
  ports=$(sed -n 's|^ *API_PORT: *\([0-9][0-9]*\) *$|http://localhost:\1|p' "$root/dapr.yaml" | tr '\n' ,)
  printf %s "${ports%,}"
}
