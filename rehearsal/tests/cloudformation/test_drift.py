"""Drift.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

from rehearsal.services.cloudformation.drift import compare
from rehearsal.tests.cloudformation.conftest import Cloud, refusal
from rehearsal.tests.cloudformation.toys import parameter, topic


def detect(cloud: Cloud) -> dict:
    identity = cloud.api.detect_stack_drift(StackName="shop")["StackDriftDetectionId"]
    return cloud.until(
        lambda: cloud.api.describe_stack_drift_detection_status(StackDriftDetectionId=identity),
        lambda found: found["DetectionStatus"] != "DETECTION_IN_PROGRESS",
    )


def drifts(cloud: Cloud, **more: object) -> dict[str, dict]:
    found = cloud.api.describe_stack_resource_drifts(StackName="shop", **more)["StackResourceDrifts"]
    return {drift["LogicalResourceId"]: drift for drift in found}


def test_hand_made_changes_and_deletions_are_found(cloud: Cloud) -> None:
    cloud.create(
        {
            "Resources": {
                "P": parameter("1"),
                "Q": parameter("1"),
                "T": topic("t"),
                "H": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
            }
        }
    )
    assert cloud.stack()["DriftInformation"] == {"StackDriftStatus": "NOT_CHECKED"}
    found = detect(cloud)
    assert (found["StackDriftStatus"], found["DriftedStackResourceCount"]) == ("IN_SYNC", 0)
    cloud.parameters.lives[cloud.physical("P")].update(Value="2", Description="not the template's business")
    cloud.topics.lives.clear()
    found = detect(cloud)
    assert (found["DetectionStatus"], found["StackDriftStatus"]) == ("DETECTION_COMPLETE", "DRIFTED")
    assert found["DriftedStackResourceCount"] == 2
    shown = drifts(cloud)
    assert {name: d["StackResourceDriftStatus"] for name, d in shown.items()} == {
        "P": "MODIFIED", "Q": "IN_SYNC", "T": "DELETED", "H": "IN_SYNC",
    }  # fmt: skip
    assert shown["P"]["PropertyDifferences"] == [
        {"PropertyPath": "/Value", "ExpectedValue": "1", "ActualValue": "2", "DifferenceType": "NOT_EQUAL"}
    ]
    assert set(drifts(cloud, StackResourceDriftStatusFilters=["DELETED"])) == {"T"}
    assert cloud.stack()["DriftInformation"]["StackDriftStatus"] == "DRIFTED"
    one = cloud.api.detect_stack_resource_drift(StackName="shop", LogicalResourceId="Q")["StackResourceDrift"]
    assert one["StackResourceDriftStatus"] == "IN_SYNC"


def test_what_cannot_be_read_is_never_called_in_sync(cloud: Cloud) -> None:
    def broken(*_: object) -> dict:
        raise NotImplementedError

    def denied(*_: object) -> dict:
        raise PermissionError("denied")

    cloud.create({"Resources": {"P": parameter("1"), "T": topic("t")}})
    cloud.parameters.read = broken
    detect(cloud)
    assert drifts(cloud)["P"]["StackResourceDriftStatus"] == "NOT_CHECKED"
    cloud.topics.read = denied
    found = detect(cloud)
    assert (found["DetectionStatus"], found["StackDriftStatus"]) == ("DETECTION_FAILED", "UNKNOWN")
    assert drifts(cloud)["T"]["StackResourceDriftStatus"] == "UNKNOWN"
    assert "denied" in drifts(cloud)["T"]["DriftStatusReason"]


def test_a_detection_that_does_not_exist(cloud: Cloud) -> None:
    code, _ = refusal(cloud.api.describe_stack_drift_detection_status, StackDriftDetectionId="none")
    assert code == "ValidationError"


def test_differences_are_told_by_path() -> None:
    expected = {"A": [{"K": 1}, {"K": 2}], "B": '{"x": 1}', "C": "gone", "D": True}
    actual = {"A": [{"K": 1, "More": 1}, {"K": 3}, {"K": 4}], "B": {"x": 1}, "D": "true", "E": 1}
    assert compare(expected, actual) == [
        (("A", 1, "K"), 2, 3, "NOT_EQUAL"),
        (("A", 2), None, {"K": 4}, "ADD"),
        (("C",), "gone", None, "REMOVE"),
    ]
