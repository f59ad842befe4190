"""Lives of resources, by service."""

from rehearsal.tests.handlers.cases import (
    autoscaling,
    basics,
    delivery,
    elbv2,
    full_machines,
    full_services,
    iam,
    instances,
    names,
    networks,
    others,
    s3,
)

_SERVICES = (
    networks, instances, elbv2, autoscaling, iam, s3, basics, names, delivery, others, full_machines, full_services,
)  # fmt: skip
CASES = tuple(case for service in _SERVICES for case in service.CASES)
