# Shared by the steps of setup: sourced, never run.
# shellcheck shell=bash
set -euo pipefail
. setup/versions.env

cache=${XDG_CACHE_HOME:-$HOME/.cache}/riglet

digest() { # of standard input
  if command -v sha256sum > /dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-16
}

# at_least VERSION MINIMUM
at_least() {
  [[ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" == "$2" ]]
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

# What npm has fetched once it need not ask for again, and a registry that hangs is asked again after a minute, not five.
export npm_config_prefer_offline=true npm_config_fetch_timeout=60000
