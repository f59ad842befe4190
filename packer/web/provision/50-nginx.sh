#!/usr/bin/env bash
# nginx serves the page, the JSON and the health check, and nothing else.
set -euo pipefail
install -m 644 /tmp/riglet/nginx.conf /etc/nginx/sites-available/riglet
ln -sf /etc/nginx/sites-available/riglet /etc/nginx/sites-enabled/riglet
rm -f /etc/nginx/sites-enabled/default
systemctl enable --quiet nginx.service
