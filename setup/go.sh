#!/usr/bin/env bash
# Builds one pinned Go program into the per-user cache: setup/go.sh packer|plugin|goss FILE
# The folder's name is the digest of what it was built from, and it appears whole or not at all.
. setup/lib.sh
tool=$1 file=$2 platform=${3:-}
home=$cache/tools/$tool-$(cat "setup/go/$tool/go.mod" "setup/go/$tool/go.sum" | digest)${platform:+-${platform//\//-}}
if [[ ! -x "$home/$file" ]]; then
  need go "$GO_MINIMUM" "$(go env GOVERSION 2> /dev/null | tr -d go)" "it builds $tool"
  mkdir -p "$cache/tools"
  making=$(mktemp -d "$cache/tools/making-XXXXXX")
  trap 'rm -rf "$making"' EXIT
  package=$(sed -nE 's/^import _ "(.*)"/\1/p' "setup/go/$tool/tools.go")
  if [[ -n "$platform" ]]; then export GOOS=${platform%/*} GOARCH=${platform#*/}; fi
  CGO_ENABLED=0 go -C "setup/go/$tool" build -mod=readonly -trimpath -ldflags='-s -w' -o "$making/$file" "$package"
  chmod 755 "$making"
  rm -rf "$home"
  mv "$making" "$home"
fi
printf '%s\n' "$home"
