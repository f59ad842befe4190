"""IAM that is enforced: every role's and user's call is held against its policies, with AWS's words for a denial."""

from __future__ import annotations

from rehearsal.kernel.authority import Authority


def register() -> None:
    from rehearsal.services.iam import policies, sts  # noqa: F401  (register their operations)


def authority() -> Authority:
    """What the kernel asks of IAM."""
    from rehearsal.services.iam import authorize, documents, roles

    return Authority(authorize.check, documents.check, roles.exists)
