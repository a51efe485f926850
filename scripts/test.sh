# test, chaos and bench.

# A hung test must not hang for ever; a machine that is slow for an hour may take twice or thrice as long as it does on others.
test_deadline=${ORCHESTRATOR_TEST_DEADLINE:-40m}

run_tests() {
  local word project words=() chosen=() projects=()
  setup_for_tests
  build_all
  while read -r project; do projects+=("$project"); done < <(test_projects)
  # A word names a project, or else a part of a test's full name.
  for word in "$@"; do
    local matching=()
    for project in "${projects[@]}"; do if [[ ${project,,} == *"${word,,}"* ]]; then matching+=("$project"); fi; done
    if ((${#matching[@]} > 0)); then chosen+=("${matching[@]}"); else words+=(-method "*$word*"); fi
  done
  if ((${#chosen[@]} > 0)); then projects=("${chosen[@]}"); fi

  local passed=0 failed=0 skipped=0 results=$root/artifacts/test-results
  rm -rf "$results"
  mkdir -p "$results"
  run_projects "${words[@]}"
  summarize
  say "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0 && passed > 0))
}

# Every project in tests/ that the solution builds into a program.
test_projects() {
  local project name
  for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    if [[ -x artifacts/bin/$name/release/$name ]] && { [[ ! -f Orchestrator.sln ]] || grep -q "[\\/]$name\.csproj" Orchestrator.sln; }; then echo "$name"; fi
  done
}

# These look at no clock of this machine's: they run in what time the others leave.
on_made_up_time=(ControlPlane.Tests Core.Tests Simulation.Tests)
# These share this machine's Docker engine, so that they run one after the other; the rest waits more than it works, and runs beside them.
on_the_engine=(EndToEnd.Tests WorkerAgent.Tests)

# run_projects FILTER…: runs $projects and counts what they report in passed, failed and skipped of the caller
run_projects() {
  local project aside=() beside=() front=() lanes=()
  for project in "${projects[@]}"; do
    if [[ " ${on_made_up_time[*]} " == *" $project "* ]]; then aside+=("$project")
    elif [[ " ${on_the_engine[*]} " == *" $project "* ]]; then front+=("$project")
    else beside+=("$project"); fi
  done
  run_lane 19 "${#aside[@]}" "${aside[@]}" "$@" >"$results/aside.log" 2>&1 &
  lanes+=($!)
  # What these start lives for seconds, and is not worth compiling a second time.
  export DOTNET_TieredPGO=0 DOTNET_TC_CallCountThreshold=3E8
  run_lane 0 "${#beside[@]}" "${beside[@]}" "$@" >"$results/beside.log" 2>&1 &
  lanes+=($!)
  # Ctrl-C does not reach what runs in the background.
  trap 'trap - INT; kill 0' INT
  run_lane 0 "${#front[@]}" "${front[@]}" "$@"
  wait "${lanes[@]}" || true
  trap - INT
  cat "$results/beside.log" "$results/aside.log"
  for project in "${projects[@]}"; do count_project "$project"; done
}

# run_lane NICENESS COUNT NAME… FILTER…: COUNT projects one after the other
run_lane() {
  local niceness=$1 names=("${@:3:$2}") name
  shift $(($2 + 2))
  for name in "${names[@]}"; do run_project "$niceness" "$name" "$@"; done
}

# run_project NICENESS NAME FILTER…: leaves its report in NAME.xml, its exit code and seconds in NAME.end, and what it took of processors in NAME.cpu
run_project() {
  local niceness=$1 project=$2 code=0 begin=$SECONDS TIMEFORMAT='%U %S'
  shift 2
  say "== $project"
  {
    time nice -n "$niceness" timeout --foreground -k 20 "$test_deadline" "artifacts/bin/$project/release/$project" -noLogo -noColor "$@" \
      -result-xml "$results/$project.xml" </dev/null 2>&3 || code=$?
  } 3>&2 2>"$results/$project.cpu"
  echo $code $((SECONDS - begin)) >"$results/$project.end"
}

# count_project NAME: adds to passed, failed and skipped of the caller
count_project() {
  local project=$1 counts code seconds processor
  processor=$(awk 'END { printf "%.0f", $1 + $2 }' "$results/$project.cpu" 2>/dev/null) || true
  read -r code seconds <"$results/$project.end" || { code=unknown seconds=0; }
  if counts=$(counts_in "$results/$project.xml"); then
    # shellcheck disable=SC2086 # three numbers
    set -- $counts
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    # A run that ended badly although no test failed must not pass for a good one.
    if [[ $code != 0 ]] && (($2 == 0 && $1 + $3 > 0)); then
      failed=$((failed + 1))
      say "$project: no test failed, but it ended with exit code $code"
    fi
    printf '%s: %s passed, %s failed, %s skipped in %s s (%s s of a processor)\n' "$project" "$1" "$2" "$3" "$seconds" "$processor" \
      >>"$results/summary"
  else
    failed=$((failed + 1))
    local why="ended with exit code $code before it could report"
    if [[ $code == 124 || $code == 137 ]]; then why="did not end within $test_deadline"; fi
    printf '%s: %s, after %s s (counts as one failure)\n' "$project" "$why" "$seconds" >>"$results/summary"
  fi
}

# "passed failed skipped" out of xunit's XML report; fails when there is none. Errors outside of tests (a broken fixture) are failures.
counts_in() {
  [[ -s $1 ]] || return 1
  awk '
    function number(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0 }
    BEGIN { RS = ">" }
    /<assembly / { seen = 1; passed += number("passed"); failed += number("failed") + number("errors"); skipped += number("skipped") }
    /<\/assemblies/ { whole = 1 }
    END { if (!seen || !whole) exit 1; print passed, failed, skipped }' "$1"
}

summarize() {
  local reports=("$results"/*.xml)
  if [[ ! -f $results/summary ]]; then
    say "There is no test project."
    return
  fi
  say ""
  say "Slowest tests:"
  tests_in_reports '{ printf "%9.2f s  %s\n", time, name }' | sort -rn | head -10 || true
  # xunit writes the whole report into one line.
  if grep -q '<reason>' "${reports[@]}" 2>/dev/null; then
    say "Skipped, because:"
    grep -ohE '<reason>(<!\[CDATA\[)?[^<]*' "${reports[@]}" | sed -E 's/<reason>(<!\[CDATA\[)?//; s/\]\]>?$//' | sort | uniq -c
  fi
  if ((failed > 0)); then
    say "Failed:"
    tests_in_reports 'result == "Fail" { print "  " name }'
  fi
  say ""
  cat "$results/summary"
}

# tests_in_reports AWK: does something with the name, result and time of every test; a project that crashed may have left no report.
tests_in_reports() {
  cat "${reports[@]}" 2>/dev/null | awk '
    function text(key) { return match($0, " " key "=\"[^\"]*\"") ? substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 4) : "" }
    BEGIN { RS = ">" }
    !/<test / { next }
    { name = text("name"); result = text("result"); time = text("time"); gsub(/&quot;/, "\"", name); gsub(/&amp;/, "\\&", name) }
    '"$1" || true
}

# Random faults on a bed of machines, for longer than in a normal run of the tests; or how long the main ones last.
run_chaos() {
  local tests=(-class '*ChaosTests')
  while (($# > 0)); do
    case $1 in
      --minutes) (($# > 1)) || fail "--minutes needs a number"; export ORCHESTRATOR_CHAOS_MINUTES=$2; shift ;;
      --seed) (($# > 1)) || fail "--seed needs a number"; export ORCHESTRATOR_CHAOS_SEED=$2; shift ;;
      --figures)
        tests=(-class '*Scenarios.FiguresTests')
        export ORCHESTRATOR_HOSTS=figures ORCHESTRATOR_FIGURES=${ORCHESTRATOR_FIGURES:-$root/artifacts/figures.tsv} ;;
      machines | masters | swarm)
        [[ ${ORCHESTRATOR_HOSTS:-} == figures ]] || fail "$1 is a part of --figures"
        tests=(-method "*Figures_of_$1") ;;
      --anew) rm -f "${ORCHESTRATOR_FIGURES:-$root/artifacts/figures.tsv}" ;;
      --repeat) (($# > 1)) || fail "--repeat needs a number"; export ORCHESTRATOR_FIGURES_REPEAT=$2; shift ;;
      *) fail "chaos takes --minutes N and --seed N, or --figures [machines|masters|swarm], --repeat N and --anew, not '$1'" ;;
    esac
    shift
  done
  setup_for_tests
  build_all
  exec artifacts/bin/Hosts.Tests/release/Hosts.Tests -noLogo -noColor "${tests[@]}"
}

run_bench() {
  local name=${1:-} project
  case $name in
    core) project=Core.Benchmarks ;;
    localdapr) project=LocalDapr.Benchmarks ;;
    cluster) project=Cluster.Benchmarks ;;
    *) fail "bench needs one of: core, localdapr, cluster" ;;
  esac
  shift
  [[ -d bench/$project ]] || fail "bench/$project does not exist"
  need_dotnet
  quietly "Building…" dotnet build -c Release -v quiet "bench/$project" >&2
  # What the cluster's processes take; none on real Dapr.
  if [[ $name == cluster ]]; then ORCHESTRATOR_STATUS=$(local_dapr status --json --folder "$folder" 2>/dev/null) || true; export ORCHESTRATOR_STATUS; fi
  exec "artifacts/bin/$project/release/$project" "$@"
}

# Breaks the core on purpose, one line at a time, and tells which breaks no test notices.
run_mutants() {
  need_dotnet
  local out=$root/artifacts/mutation patterns=() file
  for file in "$@"; do
    compgen -G "src/ControlPlane/${file#src/ControlPlane/}" >/dev/null || fail "mutate takes files of src/ControlPlane, and '$file' is none"
    patterns+=(--mutate "${file#src/ControlPlane/}")
  done
  quietly "Getting Stryker.NET…" dotnet tool restore
  rm -rf "$out/reports"
  # It puts changed assemblies where it builds, so that is a place of its own. Few worlds are enough, for each mutant runs many tests.
  (cd tests/Core.Tests && ArtifactsPath=$out/build ORCHESTRATOR_WORLDS=20 dotnet stryker --output "$out" "${patterns[@]}")
  dotnet run -c Release --project tests/Mutation -- "$out/reports/mutation-report.json"
}
