#!/usr/bin/env bash
# The Python packages, each with its hash, into .venv. The folder itself is a package, called `rehearsal`.
. setup/lib.sh
wanted=$(cat requirements.txt setup/python.sh | digest)
[[ "$(cat .venv/.packages 2> /dev/null)" == "$wanted" ]] && exit 0
python=$(find_python)
# A folder that an interrupted run left has no stamp and is made anew; one that is only linked here belongs to others.
[[ ! -L .venv ]] || rm .venv
"$python" -m venv --clear .venv
# Of all that is installed a tenth is ever imported: that compiles itself then, in a tenth of the time.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.txt
# The package's parent, seen from where Python keeps its packages: it stays right when the folder is moved or linked.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
printf '../../../../..\n' > "$site/rehearsal.pth"
# Its own first line would name a Python whose path may have spaces, where the kernel ends it.
printf '#!/bin/sh\nexec "${0%%/*}/python" -m awscli "$@"\n' > .venv/bin/aws
printf '%s\n' "$wanted" > .venv/.packages
