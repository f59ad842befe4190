#!/usr/bin/env bash
# Node 24 and the packages of package-lock.json, into node_modules: those that riglet needs, or with `all` those, too, that
# tests and linters need. npm removes a half-made folder by itself.
. setup/lib.sh
need node "$NODE_MINIMUM" "$(node --version 2> /dev/null | tr -d v)" 'it fetches the pinned Node'
if [[ "${1:-}" == all ]]; then
  npm ci --include=dev --loglevel=error --no-progress
else
  npm ci --omit=dev --loglevel=error --no-progress
fi
node_modules/.bin/node --version > /dev/null
printf '%s %s\n' "$(node_digest)" "${1:-product}" > node_modules/.riglet
