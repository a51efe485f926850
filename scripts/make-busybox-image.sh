#!/usr/bin/env bash
# Makes a tiny image without pulling anything: busybox's web server on port 80, which answers with one word.
# usage: make-busybox-image.sh [TAG [ANSWER]]      (default busybox-www:1 ok)
set -euo pipefail
tag=${1:-busybox-www:1}
answer=${2:-ok}
if [[ $(docker image inspect --format '{{index .Config.Labels "busybox-www.answer"}}' "$tag" 2>/dev/null) == "$answer" ]]; then
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
printf '%s\n' "$answer" >"$work/www/index.html"
tar -C "$work" --owner 0 --group 0 -c . |
  docker import --change 'CMD ["/bin/busybox","httpd","-f","-p","80","-h","/www"]' --change 'EXPOSE 80' \
    --change "LABEL busybox-www.answer=\"$answer\"" - "$tag" >/dev/null
echo "made image $tag"
