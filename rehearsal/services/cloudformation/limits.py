"""How long CloudFormation gives to work that is real here: machines that boot and signal, stacks with such machines.

The rehearsal's speed divides AWS's own waits only: a limit over real work is as long as it is on AWS.
"""

from __future__ import annotations

import time

# Of a limit, in real seconds; tests that cannot wait so long shorten it.
SECOND = 1.0


def deadline(seconds: float) -> float:
    """When a limit that begins now is over, on the monotonic clock."""
    return time.monotonic() + seconds * SECOND
