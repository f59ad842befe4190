"""What EC2 says of a security group or a rule that is there already; moto names neither the VPC nor the rule.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.machines import network
from rehearsal.services.ec2 import group_descriptions, support

# Protocol, ports, and who is let in or out.
Rule = tuple[str, Any, Any, str]


@operation("ec2", "CreateSecurityGroup")
def create_security_group(call: Call) -> dict[str, Any]:
    group_descriptions.check_group(call)
    try:
        return call.moto()
    except AwsError as error:
        if error.code != "InvalidGroup.Duplicate":
            raise
        vpc = call.params.get("VpcId") or support.backend_of(call.account, call.region).get_default_vpc().id
        name = call.params.get("GroupName")
        raise AwsError(error.code, f"The security group '{name}' already exists for VPC '{vpc}'") from error


@operation("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def authorize(call: Call) -> dict[str, Any]:
    group_descriptions.check_rules(call)
    try:
        result = call.moto()
    except AwsError as error:
        found = _there_already(call) if error.code == "InvalidPermission.Duplicate" else None
        if found is None:
            raise
        # The wording is from reports of users, no page has it.
        raise AwsError(error.code, f'the specified rule "{_described(found)}" already exists') from error
    network.refresh_firewall()
    return result


def _there_already(call: Call) -> Rule | None:
    group = support.backend_of(call.account, call.region).get_security_group_from_id(call.params.get("GroupId"))
    if group is None:
        return None
    existing = group.ingress_rules if call.operation.endswith("Ingress") else group.egress_rules
    known = {_rule(r.ip_protocol, r.from_port, r.to_port, peer) for r in existing for peer in _peers_of(r)}
    return next((rule for rule in _asked(call.params) if rule in known), None)


def _rule(protocol: Any, first: Any, last: Any, peer: str) -> Rule:
    ports = (None, None) if str(protocol) == "-1" else (first, last)
    return (str(protocol), *(None if p is None else int(p) for p in ports), peer)  # type: ignore[return-value]


def _peers_of(rule: Any) -> list[str]:
    found = (
        rule.ip_range.get("CidrIp"),
        rule.ip_range.get("CidrIpv6"),
        rule.source_group.get("GroupId"),
        rule.prefix_list_id,
    )
    return [str(peer) for peer in found if peer]


def _asked(params: dict[str, Any]) -> Iterator[Rule]:
    flat = {**params, "IpRanges": [params]} if params.get("CidrIp") else {}
    members = (
        ("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6"), ("UserIdGroupPairs", "GroupId"),
        ("PrefixListIds", "PrefixListId"),
    )  # fmt: skip
    for one in [*(params.get("IpPermissions") or []), *([flat] if flat else [])]:
        for member, name in members:
            for peer in one.get(member) or []:
                yield _rule(one.get("IpProtocol"), one.get("FromPort"), one.get("ToPort"), str(peer.get(name)))


def _described(rule: Rule) -> str:
    protocol, first, last, peer = rule
    if protocol == "-1":
        return f"peer: {peer}, ALL, ALLOW"
    return f"peer: {peer}, {protocol.upper()}, from port: {first}, to port: {last}, ALLOW"
