#!/usr/bin/env bash
# Node 24 and the packages of package-lock.json, into node_modules. npm removes a half-made folder by itself.
. setup/lib.sh
wanted=$(cat package.json package-lock.json .npmrc | digest)
[[ "${1:-}" == digest ]] && { printf '%s\n' "$wanted"; exit 0; }
[[ "$(cat node_modules/.riglet 2> /dev/null)" == "$wanted" ]] && exit 0
need node "$NODE_MINIMUM" "$(node --version 2> /dev/null | tr -d v)" 'it fetches the pinned Node'
npm ci --loglevel=error --no-progress
node_modules/.bin/node --version > /dev/null
printf '%s\n' "$wanted" > node_modules/.riglet
