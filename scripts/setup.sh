# Finds what is missing. On Debian and Ubuntu as root it is installed from the distribution, elsewhere it is named.

can_install() { is_root && has apt-get; }

# install WHY PACKAGE…
install() {
  local why=$1 missing=()
  shift
  local package
  can_install || fail "$why is missing. Install it: on Debian or Ubuntu as root with
  apt-get install $*
or let this script do it by running it as root."
  for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  ((${#missing[@]} > 0)) || return 0
  if ! apt-get install -y --no-install-recommends --simulate "${missing[@]}" >/dev/null 2>&1; then
    quietly "Reading the package lists…" patiently apt-get update
  fi
  DEBIAN_FRONTEND=noninteractive quietly "Installing ${missing[*]}…" \
    patiently apt-get install -y --no-install-recommends "${missing[@]}"
}

# Another program may be installing something just now: it is waited for, up to five minutes.
patiently() {
  local said code until=$((SECONDS + 300))
  said=$(mktemp)
  while true; do
    if "$@" 2>&1 | tee "$said"; then code=0; else code=1; fi
    if ((code == 0 || SECONDS >= until)) || ! grep -qE 'Could not get lock|Unable to (lock|acquire)' "$said"; then break; fi
    say "Waiting for another program that installs packages…"
    sleep 2
  done
  rm -f "$said"
  return "$code"
}

need_dotnet() {
  if has dotnet && dotnet --list-sdks | grep -q '^10\.'; then return; fi
  # Ubuntu has it in its own archive, Debian has not.
  if can_install && apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1; then
    install "The .NET SDK 10" dotnet-sdk-10.0
    return
  fi
  fail "The .NET SDK 10 is missing and this system's package sources do not have it.
Get it from https://dot.net/download and put 'dotnet' on the PATH."
}

engine_answers() {
  if has docker; then
    timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1
  else
    return 1
  fi
}

need_engine() {
  if engine_answers; then return; fi
  if [[ -n ${DOCKER_HOST:-} ]]; then
    has docker || install "The docker command" "$(docker_cli)" || true
    engine_answers || fail "No Docker engine answers at DOCKER_HOST=$DOCKER_HOST.
Start the one there, or unset DOCKER_HOST to use the engine of this machine."
    return
  fi
  if ! has dockerd; then
    # The engine needs iptables and only recommends it; registries need certificates.
    install "A Docker engine" docker.io iptables ca-certificates
    has docker || install "The docker command" "$(docker_cli)"
    if engine_answers; then return; fi
  fi
  start_engine
}

# Newer Debian ships the command in a package of its own.
docker_cli() { if apt-cache show docker-cli >/dev/null 2>&1; then echo docker-cli; else echo docker.io; fi; }

start_engine() {
  is_root || fail "No Docker engine answers, and only root may start one. Start it ('sudo systemctl start docker'),
make sure that your user may use it (group 'docker'), or point DOCKER_HOST at one that runs."
  local log=$folder/dockerd.log waited
  mkdir -p "$folder"
  if [[ -d /run/systemd/system ]]; then
    quietly "Starting the Docker engine…" systemctl start docker
  else
    say "Starting a Docker engine. It goes on when the orchestrator stops, so that containers go on too; its log is $log"
    # A session of its own: Ctrl-C ends the orchestrator, not the containers.
    setsid nohup dockerd --log-level warn >"$log" 2>&1 </dev/null &
    say "  (its process is $!)"
  fi
  for ((waited = 0; waited < 150; waited++)); do
    if engine_answers; then return; fi
    sleep 0.2
  done
  [[ -f $log ]] && tail -n 20 "$log" >&2
  fail "The Docker engine does not answer 30 s after its start."
}

# For those who know that everything is there and built: nothing is looked for, nothing is built.
assume_ready() { [[ -n ${ORCHESTRATOR_ASSUME_READY:-} ]]; }

setup_for_up() {
  if assume_ready; then return; fi
  need_dotnet
  need_engine
}

setup_for_tests() {
  if assume_ready; then return; fi
  setup_for_up
  need_static_busybox
  # Without node the tests of the JavaScript SDK say that they were skipped, and why; it is no reason to run none.
  if ! { has node && has npm; } && can_install; then install "Node.js" nodejs npm; fi
  # The same holds for tests in a browser. (Some distributions have chromium, but not as a package.)
  if ! { has chromium-headless-shell || has chromium; } && can_install; then
    (install "Chromium" chromium-headless-shell || install "Chromium" chromium) || say "Chromium could not be installed; tests that need it are skipped."
  fi
  # And for clocks that go wrong on the bed of several machines.
  if can_install && [[ -z $(faketime_library) ]]; then
    (install "libfaketime" libfaketime) || say "libfaketime could not be installed; no clock goes wrong in the tests."
  fi
  # And for what clients of discovery see.
  if ! { has dig && has haproxy; } && can_install; then
    (install "dig and HAProxy" bind9-dnsutils haproxy) || say "dig and HAProxy could not be installed; tests that need them are skipped."
  fi
  PATH=$root/artifacts/tools/bin:$PATH
  has consul || get_consul
  # Without it the tests with a registry say that they were skipped, and why.
  [[ -x $root/artifacts/tools/bin/docker-registry ]] || get_registry || say "There is no docker-registry."
  if ! docker image inspect busybox-www:1 >/dev/null 2>&1; then "$root/scripts/make-busybox-image.sh"; fi
}

faketime_library() { compgen -G '/usr/lib/*-linux-gnu/faketime/libfaketimeMT.so.1' || true; }

need_static_busybox() { has_static_busybox || install "A static busybox (for the image busybox-www:1)" busybox-static; }

# A busybox that needs no libraries: an image of it needs nothing else.
has_static_busybox() { has busybox && ! ldd "$(command -v busybox)" 2>/dev/null | grep -q '=>'; }

# Consul left Debian after bullseye, so it is taken from there: from the mirror this machine uses anyway, with package lists of its own,
# and only unpacked, so that neither the machine's packages nor its sources change.
get_consul() {
  local advice="Consul is missing (the tests register instances in it): put a 'consul' on the PATH, any version from 1.8."
  has apt-get && has dpkg-deb || fail "$advice"
  local mirror work apt
  mirror=$(debian_mirror)
  if [[ -z $mirror ]] && can_install; then
    quietly "Reading the package lists…" patiently apt-get update
    mirror=$(debian_mirror)
  fi
  [[ -n $mirror ]] || fail "$advice
It could be had from Debian's suite bullseye, but no Debian mirror is among this machine's package sources."
  work=$(mktemp -d)
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
  chmod 755 "$work"
  echo "deb $mirror bullseye main" >"$work/sources.list"
  apt=(apt-get -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o APT::Sandbox::User= -o Acquire::Languages=none)
  quietly "Getting Consul from Debian bullseye…" bash -c 'cd "$1" && shift && "$@" update && "$@" download consul && dpkg-deb -x consul_*.deb unpacked' \
    get_consul "$work" "${apt[@]}"
  mkdir -p "$root/artifacts/tools/bin"
  mv "$work/unpacked/usr/bin/consul" "$root/artifacts/tools/bin/consul"
  rm -rf "$work"
  consul version >/dev/null || fail "$advice The one from Debian bullseye does not run here."
}

# Debian's registry for images, only unpacked: installed it would be a service of this machine, on the port of our API. Whatever goes wrong,
# there is none then.
get_registry() {
  local work code=0
  say "Getting Debian's docker-registry…"
  work=$(mktemp -d)
  chmod 777 "$work" # apt downloads as a user of its own
  (
    cd "$work"
    apt-get download docker-registry || { can_install && apt-get update && apt-get download docker-registry; }
    dpkg-deb -x docker-registry_*.deb unpacked
    mkdir -p "$root/artifacts/tools/bin"
    mv unpacked/usr/bin/docker-registry "$root/artifacts/tools/bin/docker-registry"
  ) >/dev/null 2>&1 </dev/null || code=$?
  rm -rf "$work"
  return "$code"
}

# Where this machine gets Debian's main packages from.
debian_mirror() {
  # shellcheck disable=SC2016 # apt fills these in.
  apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 == "Debian" && $2 == "main" && $3 !~ /security/ { print $3; exit }'
}
