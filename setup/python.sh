#!/usr/bin/env bash
# The rehearsal's Python packages, each with its hash, into .venv.
. setup/lib.sh
wanted=$(cat rehearsal/requirements.txt setup/python.sh | digest)
[[ "$(cat .venv/.riglet 2> /dev/null)" == "$wanted" ]] && exit 0
python=$(command -v python3.11 || command -v python3 || die "python3 is missing; install Python $PYTHON_MINIMUM or newer")
need "$python" "$PYTHON_MINIMUM" "$("$python" -c 'import platform; print(platform.python_version())')" 'for the rehearsal'
# A folder that an interrupted run left has no stamp and is made anew; one that is only linked here belongs to others.
[[ ! -L .venv ]] || rm .venv
"$python" -m venv --clear .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r rehearsal/requirements.txt
# Its own first line would name a Python whose path may have spaces, where the kernel ends it.
printf '#!/bin/sh\nexec "${0%%/*}/python" -m awscli "$@"\n' > .venv/bin/aws
printf '%s\n' "$wanted" > .venv/.riglet
