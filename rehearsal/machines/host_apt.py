"""How the host gets its Debian packages, so that apt works alike inside an instance: mirrors, proxies, certificates.

Read when the image is built and kept only in it. A host that is no Debian lends no sources: mmdebstrap then uses
Debian's own mirror.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rehearsal.machines import recipe

LOCAL_CERTIFICATES = Path("/usr/local/share/ca-certificates")
_CARRIED = ("Acquire::http", "Acquire::https", "Acquire::ftp", "Acquire::Check-", "Acquire::Retries", "Acquire::Force")


@dataclass(frozen=True)
class HostApt:
    """Deb822 text of the sources, apt.conf lines, and the host's extra certificates by file name."""

    sources: str
    settings: str
    certificates: dict[str, bytes]

    def fingerprint(self) -> str:
        return "\n".join([self.sources, self.settings, *(f"{k}{v!r}" for k, v in sorted(self.certificates.items()))])


@cache
def read() -> HostApt:
    """Read once: the server drops the proxies of its own environment later."""
    certificates = {p.name: p.read_bytes() for p in sorted(LOCAL_CERTIFICATES.glob("**/*.crt"))}
    return HostApt(_sources(), _settings(), certificates)


def _sources() -> str:
    """The host's entries for the image's own suite, in deb822 form; other vendors' repositories stay behind."""
    stanzas = []
    for file in sorted(Path("/etc/apt/sources.list.d").glob("*.sources")):
        for stanza in file.read_text().split("\n\n"):
            lines = [line for line in stanza.splitlines() if line and not line.startswith("#")]
            suites = next((line for line in lines if line.startswith("Suites:")), "")
            if _is_suite(suites.removeprefix("Suites:").split()):
                stanzas.append("\n".join(lines))
    for file in [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*.list"))]:
        if file.exists():
            stanzas += [s for s in map(_from_one_line, file.read_text().splitlines()) if s]
    return "\n\n".join(stanzas) + "\n" if stanzas else ""


def _is_suite(suites: list[str]) -> bool:
    return bool(suites) and all(s == recipe.SUITE or s.startswith(f"{recipe.SUITE}-") for s in suites)


def _from_one_line(line: str) -> str | None:
    """`deb [options] uri suite component...` as a stanza."""
    if not line.startswith("deb "):
        return None
    words = [w for w in line.split("]", 1)[-1].split() if w != "deb"]
    if len(words) < 3 or not _is_suite([words[1]]):
        return None
    return f"Types: deb\nURIs: {words[0]}\nSuites: {words[1]}\nComponents: {' '.join(words[2:])}"


def _settings() -> str:
    try:
        dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        dump = ""
    lines = [line for line in dump.splitlines() if line.startswith(_CARRIED) and not line.endswith('"";')]
    for scheme in ("http", "https"):
        proxy = os.environ.get(f"{scheme}_proxy") or os.environ.get(f"{scheme.upper()}_PROXY")
        if proxy:
            lines.append(f'Acquire::{scheme}::Proxy "{proxy}";')
    return "".join(f"{line}\n" for line in lines)
