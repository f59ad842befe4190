# Shared by the steps of set-up: sourced, never run. Nothing here but what POSIX tools and bash 3.2 can do.
# shellcheck shell=bash
set -euo pipefail
. setup/versions.env
# Machines' tools lie where only root looks by default.
export PATH=$PATH:/usr/sbin:/sbin PYTHONDONTWRITEBYTECODE=1

digest() { # of standard input
  local sum
  if command -v sha256sum > /dev/null; then sum=$(sha256sum); else sum=$(shasum -a 256); fi
  printf '%s\n' "${sum:0:16}"
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

# A Python of this machine that is new enough; the one that the tests run with goes first.
find_python() {
  local name
  for name in python3.11 python3 python3.12 python3.13 python3.14; do
    command -v "$name" > /dev/null || continue
    if "$name" -c "import sys; sys.exit(sys.version_info < tuple(map(int, '$PYTHON_MINIMUM'.split('.'))))" 2> /dev/null; then
      command -v "$name"
      return
    fi
  done
  die "Python $PYTHON_MINIMUM or newer is missing: install it, with its venv module"
}
