#!/usr/bin/env bash
# An image that fails its own checks is not made. The services run here once, as they will at boot.
set -euo pipefail
nginx -t -q
systemctl restart riglet-identity.service nginx.service
chmod +x /tmp/riglet/goss
/tmp/riglet/goss --gossfile /tmp/riglet/goss.yaml validate --retry-timeout 20s --sleep 1s --format documentation --no-color
