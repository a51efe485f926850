# Builds, and only when something changed since the last build that worked.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Build processes that stay behind would keep a pipe open that somebody waits on.
export MSBUILDDISABLENODEREUSE=1

# build SOLUTION FOLDER…: the folders are those it is made of
build() {
  local solution=$1 stamp begin
  shift
  if assume_ready; then return; fi
  stamp=$root/artifacts/.built-$solution
  if [[ -f $stamp && -z $(changed_since "$stamp" "$@") ]]; then return; fi
  begin=$SECONDS
  # A file that changes while we build must count as changed afterwards.
  mkdir -p "$root/artifacts"
  touch "$stamp.begun"
  local first=
  if [[ ! -d $root/artifacts/bin ]]; then first=" (two or three minutes the first time)"; fi
  # A line for each project that is done tells how far it is.
  quietly "Building…$first" dotnet build -c Release -v minimal "$solution"
  mv "$stamp.begun" "$stamp"
  say "Built in $((SECONDS - begin)) s"
}

# The first file or folder (a deleted file changes its folder) that is newer than the stamp.
changed_since() {
  local stamp=$1
  shift
  find "$@" Orchestrator.sln Apps.slnf Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig global.json \
    \( -name node_modules -o -name bin -o -name obj \) -prune -o -newer "$stamp" -print -quit
}

build_apps() { build Apps.slnf src; }

build_all() {
  local folders=(src tests) extra
  for extra in bench samples; do if [[ -d $extra ]]; then folders+=("$extra"); fi; done
  build Orchestrator.sln "${folders[@]}"
  # The apps are part of it.
  local all=$root/artifacts/.built-Orchestrator.sln apps=$root/artifacts/.built-Apps.slnf
  if [[ $all -nt $apps ]]; then cp -p "$all" "$apps"; fi
}

local_dapr() { "$root/artifacts/bin/LocalDapr/release/LocalDapr" "$@"; }
