#!/usr/bin/env bash
# The disk that machines boot from: made once a recipe, and only where machines can boot.
. setup/lib.sh
[[ "$(uname -s)" == Linux && "$(id -u)" -eq 0 ]] || exit 0
command -v mmdebstrap > /dev/null && command -v systemd-nspawn > /dev/null || exit 0
.venv/bin/python -P -m rehearsal.machines.base_image
