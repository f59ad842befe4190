"""Lives of resources, by service."""

from rehearsal.tests.handlers.cases import autoscaling, ec2, elbv2, iam

_SERVICES = (ec2, elbv2, autoscaling, iam)
CASES = tuple(case for service in _SERVICES for case in service.CASES)
