"""Who imports whom, read from the sources: every import counts, also inside a function or under TYPE_CHECKING."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

Graph = dict[str, set[str]]


def modules(package: Path) -> dict[str, Path]:
    """Every module of a package by its dotted name; a package's own is its `__init__`."""
    return dict(_modules(package, package.name))


def _modules(package: Path, name: str) -> Iterator[tuple[str, Path]]:
    """Folders that are no packages, such as a virtual environment, are left out."""
    for path in sorted(package.iterdir()):
        if path.suffix == ".py":
            yield (name if path.stem == "__init__" else f"{name}.{path.stem}"), path
        elif (path / "__init__.py").exists():
            yield from _modules(path, f"{name}.{path.name}")


def graph(package: Path) -> Graph:
    """A module that is imported through its package counts, not the package that stands around it."""
    known = modules(package)
    return {name: {one for one in _named(path, known) if one != name} for name, path in known.items()}


def _named(path: Path, known: dict[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{path}:{node.lineno} imports by a relative path: give the whole name")
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in known or node.module in known:
                    yield whole if whole in known else str(node.module)


def circles(imports: Graph) -> list[list[str]]:
    """Groups of modules that import each other, directly or through others of the group."""
    reached = {name: _reached(imports, name) for name in imports}
    groups = {tuple(sorted(o for o in reached[n] if n in reached[o])) for n in imports if n in reached[n]}
    return sorted(list(group) for group in groups)


def _reached(imports: Graph, start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(imports[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += imports[name]
    return seen


def loads_by_name(path: Path) -> bool:
    """Whether a module imports others by names that it puts together, which `graph` does not see."""
    used = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(ast.parse(path.read_text()))}
    return bool(used & {"import_module", "__import__"})
