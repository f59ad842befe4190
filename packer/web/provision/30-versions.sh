#!/usr/bin/env bash
# The image carries its versions: what it is can be told from a running machine alone.
set -euo pipefail
install -d -m 755 /etc/riglet
cat > /etc/riglet/image.env << END
IMAGE=$IMAGE
VERSION=$VERSION
COMMIT=$COMMIT
INPUTS=$INPUTS
BASE_IMAGE_ID=$BASE_IMAGE_ID
END
chmod 644 /etc/riglet/image.env
