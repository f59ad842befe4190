#!/usr/bin/env bash
# Name and version of every package, as JSON: approvals show what differs between two images.
set -euo pipefail
dpkg-query -W -f='${db:Status-Abbrev}\t${Package}\t${Version}\n' | awk -F '\t' '
  $1 ~ /^ii/ { printf "%s\n  \"%s\": \"%s\"", (n++ ? "," : "{"), $2, $3 }
  END { print "\n}" }' > /etc/riglet/packages.json
chmod 644 /etc/riglet/packages.json
