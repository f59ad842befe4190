"""Block public access for AMIs: on in a new account, in every region, until it is taken off.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import support

ON, OFF = "block-new-sharing", "unblocked"
# "Up to 10 minutes", in which the setting before is shown and holds.
CONFIGURATION_SECONDS = 20

# By account and region.
_states: dict[tuple[str, str], str] = {}


@tasks.on_reset
def _forget() -> None:
    _states.clear()


def check(account: str, region: str) -> None:
    """@raises AwsError OperationNotPermitted where nothing may be shared with everybody."""
    if _states.get((account, region), ON) == ON:
        raise AwsError(
            "OperationNotPermitted",
            "You can\u2019t publicly share this image because block public access for AMIs is enabled for this "
            "account. To publicly share the image, you must call the DisableImageBlockPublicAccess API.",
        )


@operation("ec2", "GetImageBlockPublicAccessState")
def get_state(call: Call) -> dict[str, Any]:
    support.end_dry_run(call)
    return {"ImageBlockPublicAccessState": _states.get((call.account, call.region), ON), "ManagedBy": "account"}


@operation("ec2", "EnableImageBlockPublicAccess")
def enable(call: Call) -> dict[str, Any]:
    """What is public already stays so."""
    if call.params.get("ImageBlockPublicAccessState") != ON:
        raise AwsError("InvalidParameterValue", f"The only value of ImageBlockPublicAccessState is {ON}")
    return _become(call, ON)


@operation("ec2", "DisableImageBlockPublicAccess")
def disable(call: Call) -> dict[str, Any]:
    return _become(call, OFF)


def _become(call: Call, state: str) -> dict[str, Any]:
    support.end_dry_run(call)
    tasks.spawn(f"public-access-{call.account}-{call.region}", _configure, (call.account, call.region), state)
    return {"ImageBlockPublicAccessState": state}


def _configure(place: tuple[str, str], state: str) -> None:
    tasks.sleep(CONFIGURATION_SECONDS)
    _states[place] = state
