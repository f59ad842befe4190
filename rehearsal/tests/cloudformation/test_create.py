"""Creating stacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
"""

from __future__ import annotations

import json
import threading
from typing import Any

from rehearsal.services.cloudformation.handler import Context
from rehearsal.tests.cloudformation.conftest import Cloud, refusal
from rehearsal.tests.cloudformation.toys import fail, parameter, topic


def test_a_stack_is_made_in_the_order_of_its_references_with_an_event_for_each_state(cloud: Cloud) -> None:
    template = {
        "Resources": {
            "Last": parameter({"Fn::Sub": "${Middle} ${Topic.TopicArn}"}),
            "Middle": parameter({"Ref": "Topic"}),
            "Topic": topic("news"),
        },
        "Outputs": {"Text": {"Value": {"Fn::GetAtt": ["Last", "Value"]}, "Description": "all of it"}},
    }
    stack_id = cloud.create(template, ClientRequestToken="first")
    assert cloud.status() == "CREATE_COMPLETE"
    assert cloud.trace("Topic") == ["CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    assert [name for verb, name in cloud.parameters.log if verb == "create"] == ["Middle", "Last"]
    events = cloud.events()
    assert events[0]["ResourceStatusReason"] == "User Initiated"
    assert events[0]["PhysicalResourceId"] == stack_id
    second = [e for e in events if e["LogicalResourceId"] == "Topic"][1]
    assert second["ResourceStatusReason"] == "Resource creation Initiated"
    assert second["PhysicalResourceId"] == "news"
    assert json.loads(second["ResourceProperties"]) == {"TopicName": "news"}
    assert {e["ClientRequestToken"] for e in events} == {"first"}
    middle = cloud.physical("Middle")
    assert middle.startswith("shop-Middle-")
    assert cloud.outputs() == {"Text": f"{middle} arn:topic:news"}


def test_branches_that_need_nothing_of_each_other_run_side_by_side(cloud: Cloud) -> None:
    meeting = threading.Barrier(2, timeout=5)

    def meet(verb: str, ctx: Context) -> None:
        if verb == "create":
            meeting.wait()

    cloud.topics.hooks = {"One": meet, "Two": meet}
    cloud.create({"Resources": {"One": topic(), "Two": topic()}})
    assert cloud.status() == "CREATE_COMPLETE"


def test_a_failed_creation_is_rolled_back(cloud: Cloud) -> None:
    cloud.topics.hooks["Bad"] = fail
    cloud.create({"Resources": {"Good": topic("good"), "Bad": topic("bad", DependsOn="Good")}})
    assert cloud.status() == "ROLLBACK_COMPLETE"
    assert cloud.trace("Good") == [
        "CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE",
    ]  # fmt: skip
    assert cloud.reason("Bad", "CREATE_FAILED").startswith(
        'Resource handler returned message: "it cannot be" (RequestToken: '
    )
    assert cloud.reason("Bad", "CREATE_FAILED").endswith("HandlerErrorCode: InvalidRequest)")
    why = cloud.reason("shop", "ROLLBACK_IN_PROGRESS")
    assert why == "The following resource(s) failed to create: [Bad]. Rollback requested by user."
    assert cloud.topics.lives == {}
    code, message = refusal(cloud.update, {"Resources": {"Good": topic("other")}})
    assert code == "ValidationError"
    assert message == f"Stack:{cloud.stack()['StackId']} is in ROLLBACK_COMPLETE state and can not be updated."


def test_what_runs_beside_a_failure_is_cancelled_and_deleted(cloud: Cloud) -> None:
    begun = threading.Event()

    def slow(verb: str, ctx: Context) -> None:
        if verb == "created":
            begun.set()
            ctx.real_sleep(20)

    def late(verb: str, ctx: Context) -> None:
        if verb == "create":
            begun.wait(5)
        fail(verb, ctx)

    cloud.topics.hooks = {"Slow": slow, "Bad": late}
    cloud.create({"Resources": {"Slow": topic("slow"), "Bad": topic("bad")}})
    assert cloud.status() == "ROLLBACK_COMPLETE"
    assert cloud.reason("Slow", "CREATE_FAILED") == "Resource creation cancelled"
    assert cloud.topics.lives == {}


def test_on_failure_says_what_happens_instead_of_a_roll_back(cloud: Cloud) -> None:
    cloud.topics.hooks["Bad"] = fail
    template = {"Resources": {"Good": topic("good"), "Bad": topic("bad", DependsOn="Good")}}
    stack_id = cloud.create(template, OnFailure="DELETE")
    assert cloud.status(stack_id) == "DELETE_COMPLETE"
    cloud.create(template, OnFailure="DO_NOTHING")
    assert cloud.status() == "CREATE_FAILED"
    assert cloud.stack()["DisableRollback"] is True
    assert set(cloud.topics.lives) == {"good"}
    code, message = refusal(cloud.create, template, name="other", OnFailure="DELETE", DisableRollback=True)
    assert (code, message) == ("ValidationError", "You can specify either DisableRollback or OnFailure, but not both.")


def test_a_type_without_a_handler_fails_and_says_so(cloud: Cloud) -> None:
    cloud.create(
        {"Resources": {"Game": {"Type": "AWS::GameLift::Alias", "Properties": {"Name": "a", "RoutingStrategy": {}}}}}
    )
    assert cloud.status() == "ROLLBACK_COMPLETE"
    assert "AWS::GameLift::Alias is not implemented by the rehearsal" in cloud.reason("Game", "CREATE_FAILED")


def test_properties_that_the_schema_does_not_have_fail_the_resource(cloud: Cloud) -> None:
    cloud.create({"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"Foo": 1}}}})
    assert cloud.reason("Topic", "CREATE_FAILED") == (
        "Properties validation failed for resource Topic with message: [#: extraneous key [Foo] is not permitted]"
    )
    assert "Validation failed for following resources: [Topic]" in cloud.reason("shop", "ROLLBACK_IN_PROGRESS")


def test_a_name_can_be_used_once_and_a_token_repeats_the_answer(cloud: Cloud) -> None:
    template = {"Resources": {"Topic": topic()}}
    first = cloud.create(template, ClientRequestToken="a")
    assert refusal(cloud.create, template) == ("AlreadyExistsException", "Stack [shop] already exists")
    assert cloud.create(template, ClientRequestToken="a") == first
    code, _ = refusal(cloud.api.delete_stack, StackName="shop", ClientRequestToken="a")
    assert code == "TokenAlreadyExistsException"


def test_names_are_checked(cloud: Cloud) -> None:
    code, message = refusal(cloud.create, {"Resources": {"T": topic()}}, name="a_b")
    assert code == "ValidationError"
    assert message == (
        "1 validation error detected: Value 'a_b' at 'stackName' failed to satisfy constraint: Member must satisfy "
        "regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*"
    )


def test_identities_want_capabilities(cloud: Cloud) -> None:
    def role(**properties: Any) -> dict[str, Any]:
        return {
            "Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}, **properties}}}
        }

    code, message = refusal(cloud.create, role())
    assert (code, message) == ("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]")
    code, message = refusal(cloud.create, role(RoleName="x"), Capabilities=["CAPABILITY_IAM"])
    assert message == "Requires capabilities : [CAPABILITY_NAMED_IAM]"
    cloud.create(role(), Capabilities=["CAPABILITY_NAMED_IAM"])
    assert cloud.status() == "CREATE_COMPLETE"


def test_stack_tags_and_system_tags_reach_the_resources(cloud: Cloud) -> None:
    stack_id = cloud.create({"Resources": {"Topic": topic("t")}}, Tags=[{"Key": "Team", "Value": "a"}])
    assert cloud.topics.tags["t"] == {
        "Team": "a",
        "aws:cloudformation:stack-name": "shop",
        "aws:cloudformation:stack-id": stack_id,
        "aws:cloudformation:logical-id": "Topic",
    }
    assert cloud.stack()["Tags"] == [{"Key": "Team", "Value": "a"}]


def test_time_that_runs_out_fails_the_creation(cloud: Cloud, monkeypatch: Any) -> None:
    monkeypatch.setattr("rehearsal.services.cloudformation.limits.SECOND", 1 / 600)
    cloud.topics.hooks["Slow"] = lambda verb, ctx: ctx.real_sleep(20) if verb == "created" else None
    cloud.create({"Resources": {"Slow": topic("slow")}}, TimeoutInMinutes=1)
    assert cloud.status() == "ROLLBACK_COMPLETE"


def test_a_creation_has_its_minutes_in_real_time_at_any_speed(cloud: Cloud, monkeypatch: Any) -> None:
    """A minute at speed 600 would be a tenth of a second."""
    monkeypatch.setattr("rehearsal.kernel.settings.settings.speed", 600.0)
    cloud.topics.hooks["Slow"] = lambda verb, ctx: ctx.real_sleep(0.5) if verb == "created" else None
    cloud.create({"Resources": {"Slow": topic("slow")}}, TimeoutInMinutes=1)
    assert cloud.status() == "CREATE_COMPLETE"


def test_a_role_that_is_not_there_is_refused(cloud: Cloud) -> None:
    role = "arn:aws:iam::123456789012:role/gone"
    code, message = refusal(cloud.create, {"Resources": {"Topic": topic()}}, RoleARN=role)
    assert (code, message) == ("ValidationError", f"Role {role} is invalid or cannot be assumed")


def test_a_fault_of_the_rehearsal_ends_the_operation(cloud: Cloud, monkeypatch: Any) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("bug")

    monkeypatch.setattr("rehearsal.services.cloudformation.building.build", broken)
    cloud.create({"Resources": {"Topic": topic()}})
    assert (cloud.status(), cloud.stack()["StackStatusReason"]) == ("CREATE_FAILED", "Internal Failure")
