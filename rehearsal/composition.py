"""Puts the rehearsal together: the only place that knows the kernel and every service."""

from __future__ import annotations

from rehearsal import machines
from rehearsal.kernel import authority, plugins
from rehearsal.services import (
    autoscaling,
    cloudformation,
    cloudwatch,
    codebuild,
    codepipeline,
    ec2,
    elb,
    events,
    fixes,
    iam,
    organizations,
    quotas,
    scheduler,
)

# In the order in which they start; they end in the reverse order, so that what stands on the machines goes before them.
AREAS = (
    iam, organizations, quotas, fixes, machines, ec2, elb, autoscaling, cloudwatch, cloudformation, codebuild,
    codepipeline, events, scheduler,
)  # fmt: skip


def compose() -> None:
    """Lets every area register its operations, and the kernel know who decides about permissions."""
    authority.appoint(iam.authority())
    plugins.load(AREAS)
