"""Lives of resources, by service."""

from rehearsal.tests.handlers.cases import ec2, elbv2

CASES = (*ec2.CASES, *elbv2.CASES)
