"""How much an account may build at once, and how long a build's minutes are.

https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
"""

from __future__ import annotations

# The default quota of "Concurrently running builds for Linux/Small". AWS gives young accounts less, often 1.
BUILDS = 60
# A build is real work, so its minutes are real ones at any speed of the rehearsal. Five are the least that AWS takes;
# tests that cannot wait for them shorten the minute itself.
MINUTE = 60.0


def seconds(minutes: float) -> float:
    """A limit in minutes as real seconds."""
    return minutes * MINUTE
