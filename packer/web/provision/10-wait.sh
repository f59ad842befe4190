#!/usr/bin/env bash
# cloud-init still writes apt's sources and holds its lock when SSH answers.
set -euo pipefail
# Exit code 2 means done with warnings: https://docs.cloud-init.io/en/latest/explanation/return_codes.html
cloud-init status --wait > /dev/null || [[ $? -eq 2 ]]
