#!/usr/bin/env bash
# A bed of machines on one: a network namespace each, all of them behind a hub that forwards between them and to nowhere else.
# Nothing of it is in the namespace of the machine itself, so no engine and no address of a bed can disturb what is there.
# usage: bed.sh COMMAND BED [ARGUMENTS]     BED is the bed's folder; its name begins all other names
set -euo pipefail

command=$1
bed=$2
shift 2
prefix=$(basename "$bed")

ns() { echo "$prefix-$1"; }
inside() { nsenter --net="/run/netns/$(ns "$1")" -- "${@:2}"; }
address() { echo "10.77.$(cat "$bed/$1/number").2"; }

# make HOST…: host n of the list is 10.77.n.2
make() {
  local host number=0
  for host in hub "$@"; do
    ip netns add "$(ns "$host")"
    ip -n "$(ns "$host")" link set lo up
    # One family of addresses is enough, and "localhost" then has one meaning.
    inside "$host" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ip_forward=1
  done
  for host in "$@"; do
    number=$((number + 1))
    mkdir -p "$bed/$host"
    echo "$number" >"$bed/$host/number"
    ip -n "$(ns hub)" link add "to-$host" type veth peer name eth0 netns "$(ns "$host")"
    ip -n "$(ns hub)" address add "10.77.$number.1/24" dev "to-$host"
    ip -n "$(ns hub)" link set "to-$host" up
    ip -n "$(ns "$host")" address add "10.77.$number.2/24" dev eth0
    ip -n "$(ns "$host")" link set eth0 up
    ip -n "$(ns "$host")" route add 10.77.0.0/16 via "10.77.$number.1"
    # What looks for the rest of the world must fail at once, not after the time-out of a name server.
    ip -n "$(ns "$host")" route add unreachable default
    # Applications and sidecars speak on loopback only: what a link carries on is allowed to come from and go to there.
    inside "$host" sysctl -qw net.ipv4.conf.all.route_localnet=1 net.ipv4.conf.eth0.route_localnet=1
    inside "$host" iptables -w -t nat -A POSTROUTING -s 127.0.0.0/8 -o eth0 -j MASQUERADE
  done
}

# carry FROM TO PORT: who connects to 127.0.0.1:PORT on FROM reaches 127.0.0.1:PORT on TO, over the link between them
carry() {
  inside "$1" iptables -w -t nat -A OUTPUT -d 127.0.0.1 -p tcp --dport "$3" -j DNAT --to-destination "$(address "$2"):$3"
  inside "$2" iptables -w -t nat -I PREROUTING -i eth0 -p tcp --dport "$3" -j DNAT --to-destination "127.0.0.1:$3"
}

# lose FROM TO PROBABILITY: the hub drops so many of the packets; heal: it drops none any more
# (By the address they go to, so that a packet which a slow link hands back to the hub is drawn for once only.)
lose() {
  inside hub iptables -w -A FORWARD -i "to-$1" -d "$(address "$2")" -m statistic --mode random --probability "$3" -j DROP
}
heal() { inside hub iptables -w -F FORWARD; }
heal-one() {
  local rule
  # shellcheck disable=SC2086 # a rule is words
  { inside hub iptables -w -S FORWARD | grep -E -- "(-i to-$1|-d $(address "$1")/32) " || true; } |
    while read -r rule; do inside hub iptables -w -D ${rule#-A }; done
}

# slow HOST: what goes to and from it takes the way through the device "slow" of the hub, behind which somebody holds it back
slow() {
  local other
  ip -n "$(ns hub)" link set slow up
  ip -n "$(ns hub)" route replace default dev slow table 77
  ip -n "$(ns hub)" rule add iif "to-$1" lookup 77
  for other in "$bed"/*/number; do
    other=$(basename "$(dirname "$other")")
    if [[ $other != "$1" ]]; then ip -n "$(ns hub)" rule add iif "to-$other" to "$(address "$1")" lookup 77; fi
  done
}
# quick: nothing takes that way any more
quick() { while ip -n "$(ns hub)" rule delete lookup 77 2>/dev/null; do :; done; }

# engine HOST: starts one, with everything of its own, and answers when it is there
engine() {
  local home=$bed/$1 waited
  mkdir -p "$home/etc" "$home/engine" "$home/run" /etc/docker
  setsid nsenter --net="/run/netns/$(ns "$1")" -- unshare --mount --uts --propagation private -- "$0" engine-inside "$bed" "$1" \
    >>"$home/dockerd.log" 2>&1 </dev/null &
  for ((waited = 0; waited < 300; waited++)); do
    if docker -H "unix://$home/docker.sock" version >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  tail -n 20 "$home/dockerd.log" >&2
  echo "the engine of $1 does not answer 30 s after its start" >&2
  exit 1
}

engine-inside() {
  local home=$bed/$1
  # An engine that finds itself in the machine's own namespace would take the bridge of the machine's own engine away.
  [[ $(readlink /proc/self/ns/net) != $(readlink /proc/1/ns/net) ]] || { echo "not in a namespace of its own" >&2; exit 1; }
  hostname "$1"
  mount --bind "$home/etc" /etc/docker
  exec dockerd --log-level warn --data-root "$home/engine" --exec-root "$home/run" --pidfile "$home/dockerd.pid" \
    -H "unix://$home/docker.sock" --cgroup-parent "/$(ns "$1")"
}

# stop-engine HOST: as its service manager would; its containers end with it
stop-engine() {
  local pid waited
  pid=$(cat "$bed/$1/dockerd.pid")
  kill -TERM "$pid"
  for ((waited = 0; waited < 300; waited++)); do
    [[ -e /proc/$pid ]] || return 0
    sleep 0.1
  done
  kill -KILL "$pid"
}

# small HOST FOLDER SIZE: the folder is a disk of that size
small() { mkdir -p "$2" && mount -t tmpfs -o "size=$3" "$prefix" "$2"; }

processes() {
  local host
  for host in $(names); do ip netns pids "$host"; done
  # Containers have namespaces of their own.
  find /sys/fs/cgroup -path "*/$prefix-*" -name cgroup.procs -exec cat {} + 2>/dev/null || true
}

names() { ip netns list | awk '{ print $1 }' | grep "^$prefix-" || true; }

# end: whatever there is of the bed
end() {
  local waited pids mounted host
  for ((waited = 0; waited < 100; waited++)); do
    pids=$(processes | sort -u)
    [[ -n $pids ]] || break
    # shellcheck disable=SC2086 # numbers
    kill -KILL $pids 2>/dev/null || true
    sleep 0.05
  done
  while read -r mounted; do umount -l "$mounted" || true; done < <(awk -v bed="$bed/" 'index($2, bed) == 1 { print $2 }' /proc/mounts | sort -r)
  # A device that somebody has open would keep its namespace.
  ip -n "$(ns hub)" link delete slow 2>/dev/null || true
  for host in $(names); do ip netns delete "$host" || true; done
  # A process that was killed leaves what libfaketime shared with its children.
  for host in /dev/shm/faketime_shm_* /dev/shm/sem.faketime_sem_*; do [[ -e /proc/${host##*_} ]] || rm -f "$host"; done
  find /sys/fs/cgroup -depth -type d -path "*/$prefix-*" -exec rmdir {} + 2>/dev/null || true
  rm -rf "$bed"
}

# watch: waits until whoever holds the other end of standard input lets go, and be it by dying; then nothing of the bed is left
watch() {
  trap '' INT TERM HUP
  echo watching
  cat >/dev/null
  end
}

# reap: ends the beds beside this one whose owner is gone
reap() {
  local other owner
  for other in $({ ls -d "$(dirname "$bed")"/orcbed-*/ 2>/dev/null || true; ip netns list | awk '{ print $1 }' | grep -o '^orcbed-[0-9a-f]*' || true; } |
    xargs -rn1 basename | sort -u); do
    owner=$(cat "$(dirname "$bed")/$other/owner" 2>/dev/null || true)
    if [[ -n $owner && -e /proc/$owner ]]; then continue; fi
    "$0" end "$(dirname "$bed")/$other"
  done
}

"$command" "$@"
