"""What EC2 allows in the descriptions of security groups and of their rules; moto takes anything.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation

_ALLOWED = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")


def check_group(call: Call) -> None:
    """Raises what EC2 answers to a group's description; the words are from reports of users."""
    text = str(call.params.get("Description", ""))
    if not text.isascii():
        raise AwsError(
            "InvalidParameterValue",
            f"Value ({text}) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.",
        )
    _check("security group", text)


def check_rules(call: Call) -> None:
    """Raises what EC2 answers to a rule's description, wherever in the call it stands."""
    for text in _descriptions(call.params):
        _check("rule", text)


@operation("ec2", "UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress")
def reword(call: Call) -> dict[str, Any]:
    check_rules(call)
    return call.moto()


def _check(kind: str, text: str) -> None:
    if not _ALLOWED.fullmatch(text):
        raise AwsError(
            "InvalidParameterValue",
            f"Invalid {kind} description. Valid descriptions are strings less than 256 characters from the following "
            "set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
        )


def _descriptions(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _descriptions(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == "Description":
                yield str(each)
            else:
                yield from _descriptions(each)
