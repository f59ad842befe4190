"""Security-group rules: a description is no part of a rule's identity, and every kind of rule has one.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UpdateSecurityGroupRuleDescriptionsIngress.html
"""

from __future__ import annotations

from moto.ec2.models.security_groups import SecurityGroupRule


def _identity(rule: SecurityGroupRule) -> tuple[object, ...]:
    ports = (None, None) if rule.ip_protocol == "-1" else (rule.from_port, rule.to_port)
    return (
        rule.ip_protocol,
        *ports,
        rule.ip_range.get("CidrIp"),
        rule.ip_range.get("CidrIpv6"),
        rule.source_group.get("GroupId") or rule.source_group.get("GroupName"),
        rule.prefix_list_id,
    )


def _equal(self: SecurityGroupRule, other: object) -> bool:
    return isinstance(other, SecurityGroupRule) and _identity(self) == _identity(other)


def _description(self: SecurityGroupRule) -> str | None:
    return self.ip_range.get("Description") or self.source_group.get("Description")


def apply() -> None:
    SecurityGroupRule.__eq__ = _equal  # type: ignore[method-assign,assignment]
    SecurityGroupRule.description = property(_description)  # type: ignore[assignment,method-assign]
