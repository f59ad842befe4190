#!/usr/bin/env bash
# Packer, its Amazon plugin and goss, linked from .tools: the user's own if new enough, else built here.
# Packer finds the plugin by PACKER_PLUGIN_PATH, which the Makefile points at .tools/plugins.
. setup/lib.sh

# Another program of that name (cracklib's) reads standard input, so it gets none.
own_packer() {
  local found version
  found=$(command -v packer) || return 1
  version=$("$found" version < /dev/null 2> /dev/null | sed -nE '1s/^Packer v([0-9.]+).*/\1/p')
  [[ -n "$version" ]] && at_least "$version" "$(go_version packer)" || return 1
  version=$("$found" plugins installed 2> /dev/null | sed -nE 's/.*packer-plugin-amazon_v([0-9.]+)_.*/\1/p' | newest)
  [[ -n "$version" ]] && at_least "$version" "$PLUGIN_MINIMUM" && printf '%s\n' "$found"
}

own_goss() { # it must run in the image, not only here
  local found version
  found=$(command -v goss) || return 1
  [[ "$(uname -sm)" == 'Linux x86_64' && "$IMAGE_PLATFORM" == linux/amd64 ]] || return 1
  version=$("$found" --version 2> /dev/null | sed -nE 's/.*v([0-9.]+).*/\1/p')
  [[ -n "$version" ]] && at_least "$version" "$(go_version goss)" && printf '%s\n' "$found"
}

making=$(mktemp -d .tools-making-XXXXXX)
trap 'rm -rf "$making"' EXIT
mkdir "$making/bin"
if packer=$(own_packer); then
  ln -s "$packer" "$making/bin/packer"
else
  # Each in an assignment of its own: a failure inside the arguments of ln would go unnoticed.
  packer=$(bash setup/go.sh packer packer)
  plugin=$(bash setup/go.sh plugin packer-plugin-amazon)
  ln -s "$packer/packer" "$making/bin/packer"
  ln -s "$plugin" "$making/plugins"
fi
if ! goss=$(own_goss); then
  goss=$(bash setup/go.sh goss goss "$IMAGE_PLATFORM")
  goss=$goss/goss
fi
ln -s "$goss" "$making/goss"
image_digest > "$making/.riglet"
chmod 755 "$making"
rm -rf .tools
mv "$making" .tools
