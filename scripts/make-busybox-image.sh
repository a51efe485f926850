#!/usr/bin/env bash
# Makes a tiny image without pulling anything: busybox's web server on port 80, which answers with one word. It handles no signals, and
# the kernel gives process 1 none that it does not handle: a shell beside it does, so that a stop does not take its whole grace.
# usage: make-busybox-image.sh [TAG [ANSWER]]      (default busybox-www:1 ok)
set -euo pipefail
tag=${1:-busybox-www:1}
answer=${2:-ok}
about='{{index .Config.Labels "busybox-www.answer"}} {{index .Config.Labels "busybox-www.ends-on"}}'
if [[ $(docker image inspect --format "$about" "$tag" 2>/dev/null) == "$answer TERM" ]]; then
  echo "image $tag is there"
  exit
fi
busybox=$(command -v busybox) || { echo "busybox is missing: apt-get install busybox-static" >&2; exit 1; }
if ldd "$busybox" 2>/dev/null | grep -q '=>'; then
  echo "$busybox needs shared libraries, an image needs the static one: apt-get install busybox-static" >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/bin" "$work/www" "$work/tmp"
cp "$busybox" "$work/bin/busybox"
ln -s busybox "$work/bin/sh"
serve="trap 'exit 143' TERM; /bin/busybox httpd -f -p 80 -h /www & wait \$!"
printf '%s\n' "$answer" >"$work/www/index.html"
tar -C "$work" --owner 0 --group 0 -c . |
  docker import --change "CMD [\"/bin/busybox\",\"sh\",\"-c\",\"$serve\"]" --change 'EXPOSE 80' \
    --change 'LABEL busybox-www.ends-on=TERM' \
    --change "LABEL busybox-www.answer=\"$answer\"" - "$tag" >/dev/null
echo "made image $tag"
