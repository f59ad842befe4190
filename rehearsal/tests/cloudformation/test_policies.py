"""Stack policies.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
"""

from __future__ import annotations

from rehearsal.tests.cloudformation.conftest import Cloud
from rehearsal.tests.cloudformation.toys import parameter, topic


def test_a_stack_policy_guards_its_resources(cloud: Cloud) -> None:
    deny = '{"Statement":[{"Effect":"Deny","Action":"Update:*","Principal":"*","Resource":"LogicalResourceId/A"},{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}'
    cloud.create({"Resources": {"A": parameter("1"), "B": parameter("1")}}, StackPolicyBody=deny)
    assert cloud.api.get_stack_policy(StackName="shop")["StackPolicyBody"] == deny
    cloud.update({"Resources": {"A": parameter("2"), "B": parameter("1")}})
    assert cloud.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.reason("A", "UPDATE_FAILED") == (
        "Action denied by stack policy: Statement [#1] does not allow [Update:Modify] for resource [LogicalResourceId/A];"
    )
    cloud.update({"Resources": {"A": parameter("1"), "B": parameter("2")}})
    assert cloud.status() == "UPDATE_COMPLETE"
    allow = deny.replace("Deny", "Allow")
    cloud.update({"Resources": {"A": parameter("3"), "B": parameter("2")}}, StackPolicyDuringUpdateBody=allow)
    assert cloud.status() == "UPDATE_COMPLETE"


def test_a_stack_policy_also_keeps_what_leaves_the_template(cloud: Cloud) -> None:
    deny = '{"Statement":[{"Effect":"Deny","Action":"Update:Delete","Principal":"*","Resource":"*"},{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}'
    cloud.create({"Resources": {"A": parameter("1"), "T": topic("t")}}, StackPolicyBody=deny)
    cloud.update({"Resources": {"A": parameter("2")}})
    assert cloud.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert "does not allow [Update:Delete]" in cloud.reason("T", "UPDATE_FAILED")
    assert set(cloud.topics.lives) == {"t"}
