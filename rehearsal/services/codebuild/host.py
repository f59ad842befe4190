"""What a build sees of this machine: its tools, and what lets those reach the package registries.

On AWS the build image brings aws, node, python and go; here they are the machine's own. Everything else of the user's
environment is left out, credentials and home directory first of all.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# A machine behind a proxy, or with its own certificate authority, has no way to a registry without these.
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_CERTIFICATES = (
    "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "GIT_SSL_CAINFO",
    "PIP_CERT", "NIX_SSL_CERT_FILE",
)  # fmt: skip
# Where packages come from, if not from the public registries.
_REGISTRIES = (
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_TRUSTED_HOST", "PIP_CONFIG_FILE",
    "NPM_CONFIG_REGISTRY", "npm_config_registry", "NPM_CONFIG_USERCONFIG", "npm_config_userconfig",
    "GOPROXY", "GOSUMDB", "GONOSUMDB", "GONOSUMCHECK", "GOPRIVATE", "GOFLAGS", "GOENV", "GOTOOLCHAIN",
)  # fmt: skip

_kept: dict[str, str] = {}


def remember(environ: dict[str, str] | os._Environ[str] = os.environ, home: Path | None = None) -> dict[str, str]:
    """Notes what builds need of the environment that the rehearsal was started in, before it is cleaned."""
    home = home or Path.home()
    kept = {name: environ[name] for name in (*_PROXIES, *_CERTIFICATES, *_REGISTRIES) if environ.get(name)}
    # The tools look for these below HOME, which is a build's own.
    for name, file in (
        ("NPM_CONFIG_USERCONFIG", home / ".npmrc"),
        ("PIP_CONFIG_FILE", home / ".config/pip/pip.conf"),
        ("GOENV", home / ".config/go/env"),
    ):
        if name not in kept and name.lower() not in kept and file.is_file():
            kept[name] = str(file)
    if any(name in kept for name in _PROXIES):
        kept["no_proxy"] = kept["NO_PROXY"] = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    # The aws command of the rehearsal's own environment, as the standard image has one.
    kept["PATH"] = os.pathsep.join([str(Path(sys.prefix) / "bin"), environ.get("PATH", os.defpath)])
    _kept.clear()
    _kept.update(kept)
    return kept


def environment(never_proxied: tuple[str, ...]) -> dict[str, str]:
    """The kept variables; the hosts given are reached directly even where there is a proxy."""
    found = dict(_kept or remember())
    if "no_proxy" in found:
        direct = ",".join(part for part in (found["no_proxy"], *never_proxied) if part)
        found["no_proxy"] = found["NO_PROXY"] = direct
    return found
