"""Security-group rules: one form for a template's rules and EC2's permissions, comparable and sorted.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-securitygroup-ingress.html
"""

from typing import Any

Rule = dict[str, Any]

# Template names of the other side of a rule, by direction, and where a permission holds them.
PEER = {"ingress": "Source", "egress": "Destination"}
ALLOW_ALL = [{"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}]


def permission(rule: Rule, direction: str) -> dict[str, Any]:
    """An IpPermission of one template rule."""
    peer = PEER[direction]
    about = {"Description": rule["Description"]} if "Description" in rule else {}
    result: dict[str, Any] = {"IpProtocol": str(rule["IpProtocol"])}
    for name in ("FromPort", "ToPort"):
        if name in rule and result["IpProtocol"] != "-1":
            result[name] = int(rule[name])
    if "CidrIp" in rule:
        result["IpRanges"] = [{"CidrIp": rule["CidrIp"], **about}]
    if "CidrIpv6" in rule:
        result["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **about}]
    if f"{peer}PrefixListId" in rule:
        result["PrefixListIds"] = [{"PrefixListId": rule[f"{peer}PrefixListId"], **about}]
    group = {
        member: rule[name]
        for member, name in (
            ("GroupId", f"{peer}SecurityGroupId"),
            ("GroupName", f"{peer}SecurityGroupName"),
            ("UserId", f"{peer}SecurityGroupOwnerId"),
        )
        if name in rule
    }
    if group:
        result["UserIdGroupPairs"] = [{**group, **about}]
    return result


def from_permissions(permissions: list[dict[str, Any]], direction: str) -> list[Rule]:
    """Template rules for all that a group allows in one direction, one peer a rule, sorted."""
    peer = PEER[direction]
    rules = []
    for item in permissions:
        base = {"IpProtocol": item["IpProtocol"]}
        base.update({name: item[name] for name in ("FromPort", "ToPort") if item.get(name) is not None})
        peers = [
            *(("CidrIp", entry, "CidrIp") for entry in item.get("IpRanges", [])),
            *(("CidrIpv6", entry, "CidrIpv6") for entry in item.get("Ipv6Ranges", [])),
            *((f"{peer}PrefixListId", entry, "PrefixListId") for entry in item.get("PrefixListIds", [])),
            *((f"{peer}SecurityGroupId", entry, "GroupId") for entry in item.get("UserIdGroupPairs", [])),
        ]
        for name, entry, member in peers:
            rule = {**base, name: entry[member]}
            if entry.get("Description"):
                rule["Description"] = entry["Description"]
            if name.endswith("SecurityGroupId") and entry.get("UserId"):
                rule[f"{peer}SecurityGroupOwnerId"] = entry["UserId"]
            rules.append(rule)
    return sorted(rules, key=lambda rule: sorted(map(str, rule.items())))


def key(rule: Rule, direction: str) -> tuple:
    """What makes two rules the same: all but description and owner; EC2 knows ports of -1 as none."""
    peer = PEER[direction]
    names = ("CidrIp", "CidrIpv6", f"{peer}PrefixListId", f"{peer}SecurityGroupId", f"{peer}SecurityGroupName")
    ports = tuple(
        None if str(rule.get(port, -1)) == "-1" and str(rule["IpProtocol"]) == "-1" else str(rule.get(port, ""))
        for port in ("FromPort", "ToPort")
    )
    return (str(rule["IpProtocol"]), *ports, *(rule.get(name) for name in names))
