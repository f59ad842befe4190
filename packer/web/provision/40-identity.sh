#!/usr/bin/env bash
# The unit that writes at every boot what nginx serves.
set -euo pipefail
install -m 755 /tmp/riglet/riglet-identity /usr/local/bin/riglet-identity
install -m 644 /tmp/riglet/riglet-identity.service /etc/systemd/system/riglet-identity.service
install -m 644 -D /tmp/riglet/page.html /usr/local/share/riglet/page.html
systemctl daemon-reload
systemctl enable --quiet riglet-identity.service
