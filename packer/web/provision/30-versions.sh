#!/usr/bin/env bash
# The image carries its versions: what it is can be told from a running machine alone.
set -euo pipefail
install -d -m 755 /etc/riglet
for name in IMAGE VERSION COMMIT INPUTS BASE_IMAGE_ID; do
  printf '%s=%q\n' "$name" "${!name}"
done > /etc/riglet/image.env
chmod 644 /etc/riglet/image.env
