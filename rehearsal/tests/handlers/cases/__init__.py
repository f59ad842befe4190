"""Lives of resources, by service."""

from rehearsal.tests.handlers.cases import autoscaling, basics, delivery, ec2, elbv2, full, iam, others, s3

_SERVICES = (ec2, elbv2, autoscaling, iam, s3, basics, delivery, others, full)
CASES = tuple(case for service in _SERVICES for case in service.CASES)
