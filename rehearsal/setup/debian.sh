#!/usr/bin/env bash
# The Debian packages of the machines: installed when root on Debian or Ubuntu, else named in one line.
. setup/lib.sh
missing=''
for entry in $DEBIAN_PACKAGES; do
  command -v "${entry#*:}" > /dev/null || missing="$missing ${entry%%:*}"
done
[[ -n "$missing" ]] || exit 0
if [[ "$(id -u)" -ne 0 || ! -e /etc/debian_version ]]; then
  printf 'setup: machines will not boot here; as root on Debian: apt-get install%s\n' "$missing" >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
install() { apt-get install -y -qq --no-install-recommends $missing < /dev/null > /dev/null; }
install 2> /dev/null || { apt-get update -qq && install; }
