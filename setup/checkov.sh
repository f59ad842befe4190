#!/usr/bin/env bash
# Checkov, each package with its hash. It wants versions of boto3 that nothing else here wants, so it has an environment of
# its own, once for all checkouts of this user; .state/checkov leads to it.
. setup/lib.sh
python=$(command -v python3.11 || command -v python3 || die "python3 is missing; install Python $PYTHON_MINIMUM or newer")
version=$("$python" -c 'import platform; print(platform.python_version())')
need "$python" "$PYTHON_MINIMUM" "$version" 'for Checkov'
home=$cache/checkov-$({ cat test/checkov/requirements.txt setup/checkov.sh; echo "$python $version"; } | digest)
if [[ ! -x "$home/bin/python" ]]; then
  mkdir -p "$cache"
  making=$(mktemp -d "$cache/checkov-making-XXXXXX")
  trap 'rm -rf "$making"' EXIT
  chmod 755 "$making"
  "$python" -m venv "$making"
  # Nothing is built here: what a build fetches for itself, no hash would hold.
  "$making/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    -r test/checkov/requirements.txt
  # Its programs name the folder they were made in; only `python` is used. Another checkout may have been faster.
  [[ -x "$home/bin/python" ]] || { rm -rf "$home"; mv "$making" "$home"; }
fi
rm -rf .state/checkov
ln -s "$home" .state/checkov
checked=$(checkov_digest)
printf '%s\n' "$checked" > .state/setup-checkov
