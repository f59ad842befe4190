"""Prints which IAM actions CloudFormation's handlers need, by resource type, as the registry's schemas say.

Usage: handler_permissions.py REGION TYPE...    The schemas are those that cfn-lint carries.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html (handlers, permissions)
"""

import json
import sys

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER


def permissions(region: str, name: str) -> dict[str, list[str]]:
    """Handler -> actions; what tagging needs stands beside them, as the schema has it apart."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, name).schema
    handlers = {kind: handler.get("permissions", []) for kind, handler in schema.get("handlers", {}).items()}
    tagging = (schema.get("tagging") or {}).get("permissions", [])
    return {**handlers, "tagging": tagging}


if __name__ == "__main__":
    region, *names = sys.argv[1:]
    json.dump({name: permissions(region, name) for name in names}, sys.stdout, indent=2, sort_keys=True)
