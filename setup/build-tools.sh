#!/usr/bin/env bash
# Packs them while nobody waits: the first `make push` only sends them.
bash setup/build-tools pack packages
bash setup/build-tools pack runtime
bash setup/build-tools pack image
