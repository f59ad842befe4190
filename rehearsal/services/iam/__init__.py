"""IAM that is enforced: every role's and user's call is held against its policies, with AWS's words for a denial."""

from __future__ import annotations


def register() -> None:
    from rehearsal.services.iam import policies, sts  # noqa: F401  (register their operations)
