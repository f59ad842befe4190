"""The door: NotImplemented in the service's protocol, faults, journal."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from rehearsal.tests.conftest import post


def journal(endpoint: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(endpoint + "/_rehearsal/journal", timeout=10) as reply:
        return json.load(reply)["entries"]


def test_what_is_not_implemented_says_so_by_name(aws: Callable[..., Any]) -> None:
    for service, call, arguments in [
        ("codepipeline", "list_webhooks", {}),
        ("gamelift", "list_fleets", {}),
        ("ec2", "describe_trunk_interface_associations", {}),
    ]:
        with pytest.raises(ClientError) as caught:
            getattr(aws(service), call)(**arguments)
        error = caught.value.response["Error"]
        assert error["Code"] == "NotImplemented"
        assert f"{service}:" in error["Message"]


def test_every_fifth_call_can_be_throttled(aws: Callable[..., Any], fresh: str) -> None:
    post(fresh, "/_rehearsal/faults", {"kind": "throttle", "service": "ssm", "every": 5})
    codes = []
    for _ in range(10):
        try:
            aws("ssm").describe_parameters()
            codes.append("")
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])
    assert codes == ["", "", "", "", "ThrottlingException"] * 2
    assert [e["fault"] for e in journal(fresh) if e["service"] == "ssm"].count("throttle") == 2


def test_a_lost_reply_has_its_effect(aws: Callable[..., Any], fresh: str) -> None:
    post(fresh, "/_rehearsal/faults", {"kind": "lost-reply", "operation": "CreateTopic", "times": 1})
    with pytest.raises(ConnectionClosedError):
        aws("sns").create_topic(Name="made")
    assert [t["TopicArn"].rsplit(":", 1)[1] for t in aws("sns").list_topics()["Topics"]] == ["made"]


def test_the_journal_tells_who_asked_what_and_how_it_ended(aws: Callable[..., Any], fresh: str) -> None:
    with pytest.raises(ClientError):
        aws("ssm").get_parameter(Name="/none")
    entry = journal(fresh)[-1]
    assert (entry["service"], entry["operation"], entry["status"], entry["error"]) == (
        "ssm",
        "GetParameter",
        400,
        "ParameterNotFound",
    )
    assert entry["principal"].startswith("arn:aws:iam::")


def test_reset_forgets_everything(aws: Callable[..., Any], fresh: str) -> None:
    aws("sns").create_topic(Name="made")
    post(fresh, "/_rehearsal/faults", {"kind": "latency", "seconds": 0.01})
    post(fresh, "/moto-api/reset")
    assert journal(fresh) == []
    assert aws("sns").list_topics()["Topics"] == []


def test_a_malformed_fault_is_refused(fresh: str) -> None:
    faults: list[Any] = [{"kind": "meteor"}, {"kind": "throttle", "evry": 5}, {"kind": "throttle", "every": 0}]
    for fault in [*faults, [{"kind": "throttle"}], "throttle"]:
        with pytest.raises(urllib.error.HTTPError) as caught:
            post(fresh, "/_rehearsal/faults", fault)
        assert caught.value.code == 400
        assert json.load(caught.value)["error"]


def test_readings_are_taken_whole_told_and_forgotten(fresh: str) -> None:
    def told() -> Any:
        with urllib.request.urlopen(fresh + "/_rehearsal/readings", timeout=10) as reply:
            return json.load(reply)

    first = told()
    name = "refresh-waits-for-target-health"
    assert first[name] is True
    for wrong in ({name: False, "weather": True}, {name: "no"}, [name]):
        with pytest.raises(urllib.error.HTTPError) as refused:
            post(fresh, "/_rehearsal/readings", wrong)
        assert refused.value.code == 400
    assert told() == first
    post(fresh, "/_rehearsal/readings", {name: False})
    assert told() == {**first, name: False}
    post(fresh, "/moto-api/reset", {})
    assert told() == first
