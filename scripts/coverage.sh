# coverage: how much of each project the tests below end-to-end run.

# Prints "name = value %" a line on standard output; what the build and the tests say goes to standard error.
run_coverage() {
  local project assembly projects=(Contracts ServiceDefaults ControlPlane WorkerAgent) out=$root/artifacts/coverage merge=
  { setup_for_tests && build_all; } >&2
  rm -rf "$out"
  mkdir -p "$out"
  # Random worlds reach every line they ever reach in the first thousands, and instrumented code is slow.
  export ORCHESTRATOR_WORLDS=${ORCHESTRATOR_WORLDS:-2000} ORCHESTRATOR_LIVES=${ORCHESTRATOR_LIVES:-20}
  for project in "${projects[@]}"; do
    # Instrumented assemblies are not what was built, so they get a place of their own.
    cp -r "artifacts/bin/$project.Tests/release" "$out/$project.Tests"
    # What is compiled ahead cannot be instrumented: what it was made from takes its place.
    for assembly in "${projects[@]}"; do
      if [[ -f $out/$project.Tests/$assembly.dll ]]; then cp "artifacts/obj/$assembly/release/$assembly.dll" "$out/$project.Tests/"; fi
    done
    dotnet build scripts/coverage.csproj -restore -target:Cover -v minimal -nologo \
      -p:TargetPath="$out/$project.Tests/$project.Tests.dll" -p:CoverletOutput="$out/$project" -p:MergeWith="$merge" >&2 ||
      fail "The tests of $project failed, or what they ran could not be measured."
    merge=$out/$project.json
  done
  lines_covered "${merge%.json}.cobertura.xml"
}

# lines_covered FILE: the share of each package in a Cobertura report.
lines_covered() {
  awk '
    function text(key) { return match($0, " " key "=\"[^\"]*\"") ? substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 4) : "" }
    BEGIN { RS = ">" }
    /<package / { printf "%s lines covered = %.1f %%\n", text("name"), 100 * text("line-rate") }' "$1"
}
