"""Evaluates alarms when their periods end."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

from rehearsal.kernel import bugs, tasks
from rehearsal.services.cloudwatch import alarms, clock, datapoints, states
from rehearsal.services.cloudwatch.alarms import Alarm
from rehearsal.services.cloudwatch.evaluation import Rule, Verdict, judge, reason


def start() -> None:
    """Runs while there is an alarm; starting it again does nothing."""
    clock.evaluate_with(_all)


def _all() -> bool:
    present = alarms.everywhere()
    for alarm in present:
        try:
            evaluate(alarm)
        except Exception:
            bugs.report(f"alarm {alarm.name}")
    return bool(present)


def rule_of(alarm: Alarm) -> Rule:
    settings = alarm.settings
    periods = int(settings["EvaluationPeriods"])
    return Rule(
        settings["ComparisonOperator"],
        float(settings["Threshold"]),
        periods,
        int(settings.get("DatapointsToAlarm") or periods),
        settings.get("TreatMissingData") or "missing",
    )


def evaluate(alarm: Alarm) -> None:
    """Looks at the alarm once in each minute (or its shorter period), after the period ended."""
    period = datapoints.period_of(alarm.settings)
    minute = int(time.time() * tasks.speed() // min(period, 60))
    if minute == alarm.evaluated:
        return
    alarm.evaluated = minute
    rule = rule_of(alarm)
    # Periods longer than a minute are looked at every minute, as a window that slides by minutes.
    end = datapoints.last_end(min(period, 60))
    points = datapoints.series_of(alarm.account, alarm.region, alarm.settings, end, rule.range)
    verdict = judge(rule, points)
    if verdict.state is not None and verdict.state != alarm.state:
        ended = datetime.fromtimestamp((end - period) / tasks.speed(), UTC)
        states.enter(alarm, verdict.state, reason(rule, verdict, ended), _data(alarm, rule, verdict, period, ended))


def _data(alarm: Alarm, rule: Rule, verdict: Verdict, period: int, ended: datetime) -> str:
    stat = alarm.settings.get("Statistic") or alarm.settings.get("ExtendedStatistic")
    return json.dumps(
        {
            "version": "1.0",
            "queryDate": datetime.now(UTC).isoformat(),
            "startDate": ended.isoformat(),
            **({"statistic": stat} if stat else {}),
            "period": period,
            "recentDatapoints": verdict.used,
            "threshold": rule.threshold,
        }
    )
