"""Where moto deviates from AWS in services that have no area of their own here: one module a matter."""

from __future__ import annotations

from importlib import import_module

# Each registers operations when it is imported, or changes moto's classes in `apply`.
_MODULES = (
    "bucket_notifications",
    "bucket_policies",
    "chunked_uploads",
    "connections",
    "foreign_keys",
    "key_states",
    "log_groups",
    "monitoring",
    "object_keys",
    "policy_documents",
    "query_logging",
    "security_groups",
    "topics",
    "vpc_endpoints",
)


def register() -> None:
    for name in _MODULES:
        module = import_module(f"rehearsal.services.fixes.{name}")
        if hasattr(module, "apply"):
            module.apply()
