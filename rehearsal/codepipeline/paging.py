"""Lists in pages. https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListPipelineExecutions.html"""

from __future__ import annotations

import base64
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError


def page(call: Call, member: str, found: list[Any], default: int = 100) -> dict[str, Any]:
    """@raises AwsError InvalidNextTokenException."""
    begin = 0
    if call.params.get("nextToken"):
        try:
            begin = int(base64.b64decode(call.params["nextToken"]))
        except ValueError as error:
            raise AwsError("InvalidNextTokenException", "The next token is invalid") from error
    end = begin + int(call.params.get("maxResults") or default)
    result: dict[str, Any] = {member: found[begin:end]}
    if end < len(found):
        result["nextToken"] = base64.b64encode(str(end).encode()).decode()
    return result
