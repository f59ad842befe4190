# Shared by the steps of set-up: sourced, never run. Nothing here but what POSIX tools and bash 3.2 can do: macOS has them.
# shellcheck shell=bash
set -euo pipefail
. setup/versions.env

cache=${XDG_CACHE_HOME:-$HOME/.cache}/riglet

digest() { # of standard input
  local sum
  if command -v sha256sum > /dev/null; then sum=$(sha256sum); else sum=$(shasum -a 256); fi
  printf '%s\n' "${sum:0:16}"
}

# at_least VERSION MINIMUM: numbers between dots, compared one by one
at_least() {
  awk -v have="$1" -v least="$2" 'BEGIN {
    count = split(least, wanted, "."); split(have, found, ".")
    for (i = 1; i <= count; i++) if (found[i] + 0 != wanted[i] + 0) exit found[i] + 0 < wanted[i] + 0
  }'
}

# The greatest of the versions on standard input, one a line; nothing if there is none.
newest() {
  local version found=''
  while read -r version; do
    if [[ -z "$found" ]] || ! at_least "$found" "$version"; then found=$version; fi
  done
  printf '%s\n' "$found"
}

# What the PATH has outside a folder: outside FOLDER
outside() {
  local one kept=''
  local IFS=:
  for one in $PATH; do
    case $one in "$1"/*) ;; *) kept=$kept${kept:+:}$one ;; esac
  done
  printf '%s' "$kept"
}

die() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

# need COMMAND MINIMUM VERSION WHY
need() {
  command -v "$1" > /dev/null || die "$1 is missing; install $1 $2 or newer ($4)"
  at_least "$3" "$2" || die "$1 is $3; $2 or newer is needed ($4)"
}

# The version that a go.mod under setup/go pins: go_version packer
go_version() {
  sed -nE 's/^require [^ ]+ v([0-9.]+).*/\1/p' "setup/go/$1/go.mod"
}

# What each part of set-up was made from; it leaves this beside its result, to know it by.
node_digest() { cat package.json package-lock.json .npmrc | digest; }
checkov_digest() { cat test/checkov/requirements.txt setup/checkov.sh | digest; }
image_digest() { cat setup/versions.env setup/go/*/go.* setup/go.sh setup/image-tools.sh | digest; }

# What npm has fetched once it need not ask for again, and a registry that hangs is asked again after a minute, not five.
export npm_config_prefer_offline=true npm_config_fetch_timeout=60000
