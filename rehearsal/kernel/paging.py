"""Lists in pages, as the services of the JSON protocol give them.

https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListPipelineExecutions.html
https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ListBuilds.html
"""

from __future__ import annotations

import base64
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError

_INVALID = {"codebuild": "InvalidInputException"}


def start_of(token: str | None) -> int:
    """Where the page begins that a token of the query protocol's services names. @raises AwsError InvalidNextToken.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
    """
    given = token or "0"
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise AwsError("InvalidNextToken", "The NextToken value is not valid.")
    return int(given)


def page(call: Call, member: str, found: list[Any], default: int = 100) -> dict[str, Any]:
    """One page of `found`, with a nextToken where there is more. @raises AwsError for a token that is none of ours."""
    begin = 0
    if call.params.get("nextToken"):
        try:
            begin = int(base64.b64decode(call.params["nextToken"]))
            if begin < 0:
                raise ValueError
        except ValueError as error:
            code = _INVALID.get(call.service, "InvalidNextTokenException")
            raise AwsError(code, "The next token is invalid") from error
    end = begin + int(call.params.get("maxResults") or default)
    result: dict[str, Any] = {member: found[begin:end]}
    if end < len(found):
        result["nextToken"] = base64.b64encode(str(end).encode()).decode()
    return result
