"""Alarms: what they are set to, and the state they are in.

They live in moto's own table (so tags and a reset reach them), but as objects of this class.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.backends import get_backend


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False)
class Alarm:
    """`settings` are the members of PutMetricAlarm, as given, with the defaults."""

    account: str
    region: str
    name: str
    settings: dict[str, Any]
    state: str = "INSUFFICIENT_DATA"
    reason: str = "Unchecked: Initial alarm creation"
    reason_data: str | None = None
    updated: datetime = field(default_factory=now)
    transitioned: datetime = field(default_factory=now)
    configured: datetime = field(default_factory=now)
    history: list[dict[str, Any]] = field(default_factory=list)
    evaluated: int = 0

    @property
    def alarm_arn(self) -> str:
        """Under this name moto's tag operations look for it."""
        return f"arn:aws:cloudwatch:{self.region}:{self.account}:alarm:{self.name}"

    def described(self) -> dict[str, Any]:
        """As in DescribeAlarms."""
        state = {
            "AlarmArn": self.alarm_arn,
            "AlarmConfigurationUpdatedTimestamp": self.configured,
            "StateValue": self.state,
            "StateReason": self.reason,
            "StateUpdatedTimestamp": self.updated,
            "StateTransitionedTimestamp": self.transitioned,
        }
        if self.reason_data is not None:
            state["StateReasonData"] = self.reason_data
        return {**{k: v for k, v in self.settings.items() if k != "Tags"}, **state}

    def note(self, kind: str, summary: str, data: dict[str, Any]) -> None:
        """Adds to the history: ConfigurationUpdate, StateUpdate or Action."""
        self.history.append(
            {
                "AlarmName": self.name,
                "AlarmType": "MetricAlarm",
                "Timestamp": now(),
                "HistoryItemType": kind,
                "HistorySummary": summary,
                "HistoryData": json.dumps({"version": "1.0", **data}, default=str),
            }
        )
        del self.history[:-1000]


def table(account: str, region: str) -> dict[str, Alarm]:
    """All alarms by name; live."""
    return get_backend("cloudwatch")[account][region].alarms


def find(account: str, region: str, name: str) -> Alarm | None:
    return table(account, region).get(name)


def state_of(account: str, region: str, name: str) -> str | None:
    """For services that watch alarms; None where there is no such alarm."""
    alarm = find(account, region, name)
    return alarm.state if alarm else None


def everywhere() -> list[Alarm]:
    """The alarms of every account and region that was used."""
    return [
        alarm
        for regions in list(get_backend("cloudwatch").values())
        for backend in list(regions.values())
        for alarm in list(backend.alarms.values())
    ]
