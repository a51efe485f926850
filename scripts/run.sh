# up, down, and what is asked of a running one.

# Whether a run holds the folder: it keeps a lock on this file for as long as it lives.
is_running() { [[ -f $folder/localdapr.lock ]] && ! flock -n "$folder/localdapr.lock" true; }

up() {
  local option detach=() ready=() port
  for option in "$@"; do
    case $option in
      --detach | -d) detach=(--detach) ;;
      *) fail "up does not know '$option'" ;;
    esac
  done
  if is_running; then
    fail "One is already running on $folder (process $(cat "$folder/localdapr.pid" 2>/dev/null)). See './orchestrator status', end it with './orchestrator down'."
  fi
  setup_for_up
  build_apps
  mkdir -p "$folder" || fail "The data folder $folder cannot be made; choose another one with --folder DIR."
  [[ -w $folder ]] || fail "The data folder $folder cannot be written; choose another one with --folder DIR."
  # The workers' data moves with the folder, unless the run file puts it elsewhere.
  export DATA_FOLDER=${DATA_FOLDER:-$folder/workers}
  make_tokens
  port=$(local_dapr env API_PORT -f "$run_file" | head -n 1)
  ready=(--stopped-message "Stopped. Containers run on, all but those that may run once only, and the next './orchestrator up' adopts them;
'./orchestrator down --purge' removes them.")
  if [[ -n $port && -n ${detach[*]} ]]; then
    local_dapr run -f "$run_file" --folder "$folder" "${ready[@]}" "${detach[@]}" --ready-message "All have started; they join the cluster…"
    await_members "$port"
    what_to_try "$port"
    return
  fi
  if [[ -n $port ]]; then ready+=(--ready-message "$(what_to_try "$port")"); fi
  exec "$root/artifacts/bin/LocalDapr/release/LocalDapr" run -f "$run_file" --folder "$folder" "${ready[@]}" "${detach[@]}"
}

# Healthy is not joined yet, and what a script asks right after "Ready" is to be answered by all that was started. What does not join says
# why in the list; where a token is asked for that we do not have, nobody can look.
await_members() {
  local file=$run_file wanted list deadline=$((SECONDS + 20))
  if [[ -d $file ]]; then file=$file/dapr.yaml; fi
  wanted=$(grep -oE '(ControlPlane|WorkerAgent)\.dll' "$file" | wc -l)
  while ((SECONDS < deadline)); do
    if list=$("$(orc_program)" --server "http://localhost:$1" members 2>&1); then
      if (($(awk 'NR > 1 && $3 == "ready"' <<<"$list" | wc -l) >= wanted)); then return; fi
    elif [[ $list == *ORCHESTRATOR_TOKEN* ]]; then return; fi
    sleep 0.2
  done
  say "$list"
}

what_to_try() {
  cat <<TEXT
Ready: http://localhost:$1

  A first service   ./orchestrator image
                    ./orchestrator run busybox-www:1 --name web -p 80 --replicas 3 --wait
  What runs, why    ./orchestrator ps web; ./orchestrator explain web; ./orchestrator --help tells more
  The whole API     http://localhost:$1/docs
  The end           ./orchestrator down
TEXT
}

# A small image without a registry: Debian's busybox, which this may have to install.
make_image() {
  if ! assume_ready; then
    need_engine
    need_static_busybox
  fi
  "$root/scripts/make-busybox-image.sh" "$@"
}

# Dapr's two tokens: what apps show to their sidecars, and sidecars to their apps. The same after each start; somebody's own are kept.
make_tokens() {
  local name file
  for name in DAPR_API_TOKEN APP_API_TOKEN; do
    file=$folder/tokens/$name
    if [[ -z ${!name:-} ]]; then
      if [[ ! -s $file ]]; then (umask 077; mkdir -p "${file%/*}"; head -c 32 /dev/urandom | base64 -w 0 >"$file"); fi
      printf -v "$name" %s "$(<"$file")"
    fi
    export "${name?}"
  done
}

down() {
  local option purge= yes=
  for option in "$@"; do
    case $option in
      --purge) purge=1 ;;
      --yes | -y) yes=1 ;;
      *) fail "down does not know '$option'" ;;
    esac
  done
  if [[ -n $purge ]]; then ask_to_purge "$yes"; fi
  if is_running; then tell_what_ends; fi
  # Also when nothing runs: the apps of a launcher that was killed are ended then.
  if [[ -x $root/artifacts/bin/LocalDapr/release/LocalDapr ]]; then local_dapr down --folder "$folder"; else say "nothing is running on $folder"; fi
  if [[ -n $purge ]]; then purge; else tell_what_runs_on; fi
}

tell_what_runs_on() {
  local name count
  name=$(local_dapr env CLUSTER -f "$run_file" 2>/dev/null) || return 0
  count=$(docker ps --quiet --filter "label=orchestrator.cluster=${name:-local}" 2>/dev/null | wc -l) || return 0
  if ((count > 0)); then say "$count container(s) run on; './orchestrator up' adopts them, './orchestrator down --purge' removes them."; fi
}

# A worker that leaves ends what may run once only; whoever says "down" believes that everything runs on.
tell_what_ends() {
  local name once
  name=$(local_dapr env CLUSTER -f "$run_file") || return 0
  once=$(docker ps --quiet --filter "label=orchestrator.cluster=${name:-local}" --filter label=orchestrator.on-lease-lost=stop 2>/dev/null | wc -l) || return 0
  if ((once > 0)); then say "$once container(s) that may run once only (onLeaseLost: stop) end with their worker; all others run on."; fi
}

control() {
  [[ -x $root/artifacts/bin/LocalDapr/release/LocalDapr ]] || fail "Nothing is running on $folder: nothing was built yet. Start with './orchestrator up'."
  local_dapr "$@" --folder "$folder"
}
