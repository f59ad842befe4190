"""Stage conditions: their rules are run; when one fails, the condition's result is engaged.

https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works-conditions.html
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from rehearsal import patterns
from rehearsal.kernel import tasks
from rehearsal.services.codepipeline import variables
from rehearsal.services.codepipeline.store import ActionRun, ConditionRun, Execution, Pipeline, StageRun, now
from rehearsal.services.codepipeline.work import Access

ALARM_CHECK_SECONDS = 10


def check(pipeline: Pipeline, execution: Execution, stage: dict[str, Any], where: str, known: StageRun) -> str:
    """The result to engage (FAIL, SKIP, ROLLBACK), STOPPED, or nothing when every condition is met."""
    declared = (stage.get(where) or {}).get("conditions") or []
    known.conditions[where] = [ConditionRun() for _ in declared]
    for condition, run in zip(declared, known.conditions[where], strict=True):
        for rule in condition["rules"]:
            one = _rule(pipeline, execution, stage["name"], rule)
            with pipeline.changed:
                run.rules.append(one)
                pipeline.rules.append(one)
            _evaluate(pipeline, execution, one)
            if one.status != "Succeeded":
                break
        last = run.rules[-1]
        run.status = {"Succeeded": "Succeeded", "Abandoned": "Abandoned"}.get(last.status, "Failed")
        run.summary, run.updated = last.summary, now()
        if run.status == "Abandoned":
            return "STOPPED"
        if run.status == "Failed":
            return str(condition["result"])
    return ""


def failed_result(stage: dict[str, Any], where: str, known: StageRun) -> str:
    """The result of the condition that failed."""
    declared = (stage.get(where) or {}).get("conditions") or []
    for condition, run in zip(declared, known.conditions.get(where, []), strict=False):
        if run.status == "Failed":
            return str(condition["result"])
    return ""


def _rule(pipeline: Pipeline, execution: Execution, stage: str, rule: dict[str, Any]) -> ActionRun:
    run = ActionRun(stage, rule["name"], execution.id, rule)
    run.role = rule.get("roleArn") or execution.declaration["roleArn"]
    run.region = rule.get("region") or pipeline.region
    return run


def _evaluate(pipeline: Pipeline, execution: Execution, run: ActionRun) -> None:
    provider = run.declared["ruleTypeId"]["provider"]
    try:
        run.configuration = variables.resolve_all(run.declared.get("configuration") or {}, execution.values)
        if provider == "VariableCheck":
            met, run.summary = variable_check(run.configuration)
        else:
            met, run.summary = _alarm(Access(pipeline, execution, run), run)
        run.status = "Succeeded" if met else "Failed"
    except variables.Unresolved as error:
        run.status, run.summary = "Failed", str(error)
        run.error = {"code": "ConfigurationError", "message": str(error)}
    except ClientError as error:
        run.status, run.summary = "Failed", str(error)
        run.error = {"code": "PermissionError", "message": str(error)}
    except (ValueError, patterns.TooSlow) as error:
        # What a variable put into the configuration, which could not be checked when the pipeline was made.
        run.status, run.summary = "Failed", f"Rule '{run.name}': {error}"
        run.error = {"code": "ConfigurationError", "message": run.summary}
    if run.wake.is_set() and execution.stop == "abandon":
        run.status = "Abandoned"
    run.updated = now()


def variable_check(configuration: dict[str, str]) -> tuple[bool, str]:
    """Whether Variable stands to Value as Operator says. MATCHES is a whole match, as in Java (unchecked).

    https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-VariableCheck.html
    """
    found, wanted, operator = configuration["Variable"], configuration["Value"], configuration["Operator"]
    met = {
        "EQ": lambda: found == wanted,
        "NE": lambda: found != wanted,
        "CONTAINS": lambda: wanted in found,
        "MATCHES": lambda: patterns.java(wanted).whole(found),
    }[operator]()
    return met, f"Variable value [{found}] {operator} [{wanted}]: {'true' if met else 'false'}"


def _alarm(access: Access, run: ActionRun) -> tuple[bool, str]:
    """Fails as soon as the alarm is in one of the states within the wait time.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-CloudWatchAlarm.html. That the states
    default to ALARM, and that the alarm is watched for the whole wait, is unchecked.
    """
    name = run.configuration["AlarmName"]
    bad = [state.strip() for state in run.configuration.get("AlarmStates", "ALARM").split(",")]
    left = int(run.configuration.get("WaitTime", "0")) * 60
    while True:
        alarms = access.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
        if not alarms:
            return False, f"Alarm {name} does not exist"
        if alarms[0]["StateValue"] in bad:
            return False, f"Alarm {name} is in state {alarms[0]['StateValue']}"
        if left <= 0 or run.wake.is_set():
            return True, f"Alarm {name} is in state {alarms[0]['StateValue']}"
        tasks.sleep(min(left, ALARM_CHECK_SECONDS))
        left -= ALARM_CHECK_SECONDS
