#!/usr/bin/env bash
# Installs a client of AWS that only its test drives, as its lock has it, once for all checkouts of this user, and prints
# the folder that its program is in: install.sh cdk|sceptre
cd "$(dirname "$0")/../.."
. setup/lib.sh
client=$1 folder=test/clients/$1
python=$(command -v python3.11 || command -v python3 || die "python3 is missing; install Python $PYTHON_MINIMUM or newer")
home=$cache/client-$client-$({ cat "$folder"/*.* test/clients/install.sh; echo "$python"; } | digest)
case $client in
  cdk) programs=$home/node_modules/.bin ;;
  sceptre) programs=$home/bin ;;
  *) die "$client is no client that is known here" ;;
esac
if [[ ! -f "$home/made" ]]; then
  rm -rf "$home"
  mkdir -p "$home"
  case $client in
    cdk)
      cp "$folder"/package*.json "$home"
      npm ci --prefix "$home" --ignore-scripts --no-audit --no-fund --silent
      ;;
    sceptre)
      "$python" -m venv "$home"
      # Nothing is built here: what a build fetches for itself, no hash would hold.
      "$home/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
        -r "$folder/requirements.txt"
      ;;
  esac
  touch "$home/made"
fi
printf '%s\n' "$programs"
