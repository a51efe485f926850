#!/usr/bin/env bash
# Makes a tiny image without pulling anything: busybox's web server on port 80, which answers "ok".
# usage: make-busybox-image.sh [TAG]      (default busybox-www:1)
set -euo pipefail
tag=${1:-busybox-www:1}
busybox=$(command -v busybox) || { echo "busybox is missing: apt-get install busybox-static" >&2; exit 1; }
if grep -q 'ld-linux\|ld-musl' "$busybox"; then
  echo "$busybox needs shared libraries, an image needs the static one: apt-get install busybox-static" >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/bin" "$work/www" "$work/tmp"
cp "$busybox" "$work/bin/busybox"
ln -s busybox "$work/bin/sh"
echo ok >"$work/www/index.html"
tar -C "$work" --owner 0 --group 0 -c . |
  docker import --change 'CMD ["/bin/busybox","httpd","-f","-p","80","-h","/www"]' --change 'EXPOSE 80' - "$tag" >/dev/null
echo "made image $tag"
