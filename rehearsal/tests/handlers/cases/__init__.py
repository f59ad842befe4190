"""Lives of resources, by service."""

from rehearsal.tests.handlers.cases import autoscaling, basics, ec2, elbv2, iam, s3

_SERVICES = (ec2, elbv2, autoscaling, iam, s3, basics)
CASES = tuple(case for service in _SERVICES for case in service.CASES)
