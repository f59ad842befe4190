#!/usr/bin/env bash
# Nothing of the builder stays: identities are made anew at first boot, and what apt fetched is only weight.
set -euo pipefail
systemctl stop nginx.service riglet-identity.service
apt-get clean
rm -rf /var/lib/apt/lists/* /tmp/riglet /var/tmp/* /var/log/nginx/* /var/log/journal/*
rm -f /etc/ssh/ssh_host_* /root/.bash_history /home/*/.bash_history
rm -f /var/lib/systemd/random-seed /var/lib/dbus/machine-id
find /var/log -type f -exec truncate -s 0 {} +
truncate -s 0 /etc/machine-id
cloud-init clean --logs
sync
