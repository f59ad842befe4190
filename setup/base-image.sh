#!/usr/bin/env bash
# The disk that the rehearsal's machines boot from: made once a recipe, and only where machines can boot.
. setup/lib.sh
export PATH=$PATH:/usr/sbin:/sbin
[[ "$(uname -s)" == Linux && "$(id -u)" -eq 0 ]] || exit 0
command -v mmdebstrap systemd-nspawn > /dev/null || exit 0
.venv/bin/python -m rehearsal.machines.base_image
