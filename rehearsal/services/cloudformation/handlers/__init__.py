"""Handlers of resource types: each works through its service's own API, with the stack role's credentials."""

from functools import cache
from importlib import import_module

from rehearsal.services.cloudformation.handler import Handler

_SERVICES = (
    "ec2",
    "elbv2",
    "autoscaling",
    "iam",
    "s3",
    "kms",
    "sns",
    "sqs",
    "ssm",
    "logs",
    "cloudwatch",
    "route53",
    "codebuild",
    "codeconnections",
    "codepipeline",
    "events",
    "secretsmanager",
    "resourcegroups",
    "scheduler",
    "stepfunctions",
    "ecr",
    "dynamodb",
)


@cache
def _handlers() -> dict[str, Handler]:
    modules = (import_module(f"{__name__}.{service}") for service in _SERVICES)
    return {handler.type_name: handler for module in modules for handler in module.HANDLERS}


def find(type_name: str) -> Handler | None:
    """The handler of a type; None where the rehearsal has none, and the resource then fails."""
    return _handlers().get(type_name)


def type_names() -> frozenset[str]:
    return frozenset(_handlers())
