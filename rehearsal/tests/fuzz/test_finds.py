"""What the fuzzer has found, kept: none of it may fail in any way again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from rehearsal.fuzz import door, run, smoke, targets
from rehearsal.kernel import bugs

FINDS = json.loads(Path(__file__).with_name("finds.json").read_text())
TARGETS = {target.name: target for target in targets.all_targets()}


@pytest.fixture(scope="module")
def prepared(endpoint: str) -> Iterator[None]:
    run.prepare()
    yield
    run.prepare()


@pytest.mark.parametrize("number", range(len(FINDS)))
def test_a_find_of_the_fuzzer_is_answered(prepared: None, number: int) -> None:
    found = FINDS[number]
    assert run.failures(TARGETS[found["target"]], found["case"]) == set(), found["failure"]


@pytest.mark.parametrize("name", TARGETS)
def test_some_cases_of_every_kind_are_answered(prepared: None, name: str) -> None:
    random = Random(name)
    for _ in range(10):
        case = TARGETS[name].make(random)
        assert run.failures(TARGETS[name], case) == set(), json.dumps(case)[:2000]


def test_no_operation_fails_over_parameters_that_are_missing_or_of_another_type(prepared: None) -> None:
    for service, operation, params in [case for number, case in enumerate(smoke.cases()) if number % 12 == 0]:
        assert run.failures(TARGETS["call"], [service, operation, params]) == set(), (service, operation, params)


def test_the_fuzzer_sees_what_fails(prepared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that finds nothing because it looks at nothing would pass all of the above."""

    def fails(call: Any) -> Any:
        return call.params["NoSuchMember"]

    monkeypatch.setitem(smoke.operations._operations, ("sts", "GetCallerIdentity"), fails)
    found = run.failures(TARGETS["call"], ["sts", "GetCallerIdentity", {}])
    assert {name.split(" at ")[0] for name in found} == {"KeyError"}
    assert door.ask("sts", "GetCallerIdentity", {}).status == 500


def test_a_bug_is_told_with_its_request_and_without_secrets(
    prepared: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(call: Any) -> Any:
        raise RuntimeError("no way")

    monkeypatch.setitem(smoke.operations._operations, ("ssm", "PutParameter"), fails)
    door.ask("ssm", "PutParameter", {"Name": "/shop/key", "Value": "hunter2", "Tags": [{"Key": "a", "Value": "hunter2"}]})
    told = capsys.readouterr().err
    assert "ssm:PutParameter failed:" in told
    assert "RuntimeError: no way" in told
    assert "of arn:aws:iam::123456789012:root: Name='/shop/key', " in told
    assert "hunter2" not in told
    assert bugs.shown({"a": [{"MasterUserPassword": "hunter2"}]}) == "a=[{'MasterUserPassword': '****'}]"
