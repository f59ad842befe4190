#!/usr/bin/env bash
bash setup/node.sh all
