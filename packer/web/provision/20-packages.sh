#!/usr/bin/env bash
# Debian's security updates, and the packages of this image.
set -euo pipefail
apt-get update -qq
apt-get upgrade -y -qq -o DPkg::Lock::Timeout=120
apt-get install -y -qq --no-install-recommends nginx-light curl ca-certificates
