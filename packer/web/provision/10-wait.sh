#!/usr/bin/env bash
# When SSH answers, cloud-init still writes apt's sources, and Debian's daily jobs may hold apt's locks.
set -euo pipefail
# Exit code 2 means done with warnings: https://docs.cloud-init.io/en/latest/explanation/return_codes.html
cloud-init status --wait > /dev/null || [[ $? -eq 2 ]]
# They begin again at the next boot, on the machines made from this image. Not every Debian has all of them.
systemctl stop apt-daily.timer apt-daily-upgrade.timer apt-daily.service apt-daily-upgrade.service 2> /dev/null || true
