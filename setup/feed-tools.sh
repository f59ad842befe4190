#!/usr/bin/env bash
# The Debian packages that tests make feeds with: installed when root on Debian or Ubuntu, else named in one line.
# `missing`: whether there is anything to install or to name.
. setup/lib.sh
missing=''
for entry in $FEED_PACKAGES; do
  command -v "${entry#*:}" > /dev/null || missing="$missing ${entry%%:*}"
done
[[ -n "$missing" ]] || exit 0
[[ ${1:-} != missing ]] || exit 1
if [[ "$(id -u)" -ne 0 || ! -e /etc/debian_version ]]; then
  printf 'setup: tests of package feeds will fail here; as root on Debian: apt-get install%s\n' "$missing" >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
install() { apt-get install -y -qq --no-install-recommends $missing < /dev/null > /dev/null; }
install 2> /dev/null || { apt-get update -qq && install; }
