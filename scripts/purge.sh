# down --purge: every container of the cluster and the data folder.

# The cluster's name is a word of our apps, so it stands in the run file's env.
cluster() { local_dapr env CLUSTER -f "$run_file"; }

containers_of() { docker ps --all --quiet --no-trunc --filter "label=orchestrator.cluster=$1"; }

ask_to_purge() {
  local yes=$1 answer
  setup_for_up
  build_apps
  purged_cluster=$(cluster)
  purged_cluster=${purged_cluster:-local}
  purged_containers=$(containers_of "$purged_cluster")
  if [[ -n $yes ]]; then return; fi
  [[ -t 0 ]] || fail "This removes containers and data, and there is no terminal to ask at. Say --yes if you mean it."
  read -r -p "Remove $(wc -w <<<"$purged_containers") containers of cluster '$purged_cluster' and all data in $folder? [y/N] " answer
  [[ $answer == [yY] || $answer == [yY]es ]] || fail "Nothing was removed."
}

purge() {
  # Again: until a moment ago workers may have started some.
  purged_containers=$(containers_of "$purged_cluster")
  if [[ -n $purged_containers ]]; then
    say "Removing $(wc -w <<<"$purged_containers") containers…"
    # Dozens of removals at once can wedge an engine's networking for good: four at a time, each with a deadline.
    xargs -P 4 -n 1 timeout 60 docker rm --force --volumes <<<"$purged_containers" >/dev/null ||
      fail "Some containers could not be removed; the data is still there. Look at 'docker ps', then try again."
  fi
  remove_data
  say "Removed: containers of cluster '$purged_cluster', data in $folder."
}

# Only what a run makes there: the folder may be one that somebody chose carelessly.
remove_data() {
  [[ -d $folder ]] || return 0
  rm -rf -- "$folder"/{dapr,logs,tokens,workers,localdapr.lock,localdapr.pid,localdapr.sock,dockerd.log}
  rmdir --ignore-fail-on-non-empty -- "$folder"
}
