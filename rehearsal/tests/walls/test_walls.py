"""The rehearsal's walls: who may import whom, and that nobody imports in circles."""

from __future__ import annotations

from pathlib import Path

import pytest

import rehearsal
from rehearsal.tests.walls import imports

PACKAGE = Path(rehearsal.__file__).parent
GRAPH = imports.graph(PACKAGE)
SERVICES = "rehearsal.services."

# What each part may import of the others. Services get their own table below.
MAY_IMPORT = {
    "patterns": set(),
    "kernel": {"patterns"},
    "machines": {"kernel"},
    "services": {"kernel", "machines", "patterns"},
    "composition": {"kernel", "machines", "services"},
    "report": set(),
    "keeper": {"kernel"},
    "cli": {"composition", "kernel", "keeper", "machines", "report"},
    "__main__": {"cli"},
    "fuzz": {"composition", "kernel", "services"},
}

# The doors between services. A service that acts on another calls its API like anybody else; these are for what AWS's
# services tell each other behind it: metrics, events, permissions, the targets of a load balancer.
DOORS = {
    "autoscaling": {
        "cloudwatch.alarms",
        "cloudwatch.clock",
        "cloudwatch.datapoints",
        "cloudwatch.states",
        "cloudwatch.store",
        "elb.targets",
        "events",
        "iam.resource_tags",
        "iam.tag_forms",
    },
    "cloudformation": {"events", "iam.lookups", "iam.resource_tags", "iam.tag_forms"},
    "cloudwatch": {"events"},
    "codebuild": {"events", "iam.authorize", "iam.resource_tags", "iam.tag_forms"},
    "codepipeline": {
        "cloudformation.template",
        "codebuild.initiators",
        "codebuild.store",
        "events",
        "events.invocations",
        "iam.resource_tags",
        "iam.tag_forms",
    },
    "ec2": {"events", "iam.authorize", "iam.keys", "iam.volume_keys", "organizations.membership", "quotas.table"},
    "elb": {"cloudwatch.clock", "cloudwatch.store"},
    "fixes": {"iam.keys"},
    "iam": {"organizations.membership"},
    "scheduler": {"iam.lookups"},
}

# They import modules of their own package by names in a list.
BY_NAME = {"rehearsal.services.fixes", "rehearsal.services.cloudformation.handlers"}


def part(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def service(module: str) -> str:
    return module.removeprefix(SERVICES).split(".")[0] if module.startswith(SERVICES) else ""


def test_each_part_imports_only_what_stands_below_it() -> None:
    """The kernel knows no service and no machine; nobody but the tests knows the tests."""
    strangers = {
        (module, other)
        for module, others in GRAPH.items()
        for other in others
        if part(module) not in ("", "tests", part(other)) and part(other) not in MAY_IMPORT[part(module)]
    }
    assert strangers == set()


def test_services_meet_only_at_their_doors() -> None:
    used: dict[str, set[str]] = {}
    for module, others in GRAPH.items():
        for other in others:
            if service(module) and service(other) and service(module) != service(other):
                used.setdefault(service(module), set()).add(other.removeprefix(SERVICES))
    assert used == DOORS


def test_services_do_not_lean_on_each_other_in_circles() -> None:
    leans = {name: {door.split(".")[0] for door in doors} for name, doors in DOORS.items()}
    every = leans.keys() | {other for others in leans.values() for other in others}
    assert imports.circles({name: leans.get(name, set()) for name in every}) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert imports.circles(GRAPH) == []


def test_nobody_hides_imports_behind_names_put_together() -> None:
    assert {name for name, path in imports.modules(PACKAGE).items() if imports.loads_by_name(path)} == BY_NAME


def test_folders_that_are_no_packages_are_left_out(tmp_path: Path) -> None:
    for folder in (".venv/lib/other", "inner"):
        (tmp_path / "house" / folder).mkdir(parents=True)
        (tmp_path / "house" / folder / "__init__.py").write_text("")
    (tmp_path / "house" / "__init__.py").write_text("")
    assert set(imports.modules(tmp_path / "house")) == {"house", "house.inner"}


@pytest.mark.parametrize(
    "there",
    [
        "import house.b",
        "from house import b",
        "from house.b import name",
        "def late():\n    from house import b",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.b import name",
    ],
)
def test_a_circle_is_found_however_it_is_written(tmp_path: Path, there: str) -> None:
    house = tmp_path / "house"
    house.mkdir()
    for name, text in {"__init__": "", "a": there, "b": "from house.c import name", "c": "from house import a"}.items():
        (house / f"{name}.py").write_text(text)
    assert imports.circles(imports.graph(house)) == [["house.a", "house.b", "house.c"]]
