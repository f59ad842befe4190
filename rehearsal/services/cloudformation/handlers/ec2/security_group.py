"""AWS::EC2::SecurityGroup with its inline rules, and rules as resources of their own."""

from typing import Any, ClassVar

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.ec2.common import Ec2Resource, only
from rehearsal.services.cloudformation.handlers.ec2.rules import (
    ALLOW_ALL,
    PEER,
    Rule,
    from_permissions,
    key,
    permission,
)

_INLINE = {"ingress": "SecurityGroupIngress", "egress": "SecurityGroupEgress"}


class SecurityGroup(Ec2Resource):
    """Read tells every rule of the group, so that one added by hand is drift where the template has rules inline.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
    """

    type_name = "AWS::EC2::SecurityGroup"
    kind = "security-group"
    missing = ("InvalidGroup.NotFound",)

    def make(self, ctx: Context, properties: Model) -> str:
        reply = ctx.client("ec2").create_security_group(
            Description=properties["GroupDescription"],
            GroupName=properties.get("GroupName") or ctx.physical_name(255, r"A-Za-z0-9_. :/()#,@\[\]+=&;{}!$*-"),
            **self.args("create_security_group", properties, "VpcId"),
            **self.specification(ctx, properties),
        )
        group = reply["GroupId"]
        ctx.created(group)
        # A new group lets everything out; a template with rules of its own means those alone.
        self._replace(ctx, group, "egress", ALLOW_ALL, properties.get("SecurityGroupEgress") or ALLOW_ALL)
        self._replace(ctx, group, "ingress", [], properties.get("SecurityGroupIngress", []))
        return group

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        for direction, name in _INLINE.items():
            if name in changed:
                usual = ALLOW_ALL if direction == "egress" else []
                self._replace(ctx, physical_id, direction, old.get(name) or usual, new.get(name) or usual)

    def _replace(self, ctx: Context, group: str, direction: str, old: list[Rule], new: list[Rule]) -> None:
        """Authorizes what is new first and revokes what is gone then, so that no permitted traffic is ever cut."""
        before = {key(rule, direction): rule for rule in old}
        after = {key(rule, direction): rule for rule in new}
        added = [rule for place, rule in after.items() if place not in before]
        gone = [rule for place, rule in before.items() if place not in after]
        reworded = [
            rule
            for place, rule in after.items()
            if place in before and rule.get("Description") != before[place].get("Description")
        ]
        api = ctx.client("ec2")
        for call, rules in (
            (f"authorize_security_group_{direction}", added),
            (f"revoke_security_group_{direction}", gone),
            (f"update_security_group_rule_descriptions_{direction}", reworded),
        ):
            if rules:
                getattr(api, call)(GroupId=group, IpPermissions=[permission(rule, direction) for rule in rules])

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ec2").delete_security_group(GroupId=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = only(ctx.client("ec2").describe_security_groups(GroupIds=[physical_id]), "SecurityGroups")
        if found is None:
            return None
        model = self.model({**found, "GroupDescription": found["Description"], "Id": physical_id})
        for direction, name, member in (
            ("ingress", "SecurityGroupIngress", "IpPermissions"),
            ("egress", "SecurityGroupEgress", "IpPermissionsEgress"),
        ):
            rules = from_permissions(found.get(member, []), direction)
            model[name] = [_as_written(rule, properties.get(name, []), direction) for rule in rules]
        return model


def _as_written(rule: Rule, template: list[Rule], direction: str) -> Rule:
    """The rule in the template's own words where it is one of the template's (ports of protocol -1, owner)."""
    for written in template:
        alike = key(written, direction) == key(rule, direction)
        if alike and written.get("Description") == rule.get("Description"):
            return written
    owner = f"{PEER[direction]}SecurityGroupOwnerId"
    return {name: value for name, value in rule.items() if name != owner}


class _Rule(Resource):
    """A rule by itself. Ref is the rule's id, `sgr-...`."""

    service = "ec2"
    direction: ClassVar[str]

    def make(self, ctx: Context, properties: Model) -> str:
        reply = getattr(ctx.client("ec2"), f"authorize_security_group_{self.direction}")(
            **{name: properties[name] for name in ("GroupId", "GroupName") if name in properties},
            IpPermissions=[permission(properties, self.direction)],
        )
        return reply["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        getattr(ctx.client("ec2"), f"update_security_group_rule_descriptions_{self.direction}")(
            GroupId=self._find(ctx, physical_id)["GroupId"], IpPermissions=[permission(new, self.direction)]
        )

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        rule = self._find(ctx, physical_id)
        getattr(ctx.client("ec2"), f"revoke_security_group_{self.direction}")(
            GroupId=rule["GroupId"], SecurityGroupRuleIds=[physical_id]
        )

    def _find(self, ctx: Context, physical_id: str) -> dict[str, Any]:
        reply = ctx.client("ec2").describe_security_group_rules(SecurityGroupRuleIds=[physical_id])
        return reply["SecurityGroupRules"][0]

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        rule = self._find(ctx, physical_id)
        peer, other = PEER[self.direction], rule.get("ReferencedGroupInfo", {})
        told = {
            **rule,
            "Id": physical_id,
            "CidrIp": rule.get("CidrIpv4"),
            f"{peer}PrefixListId": rule.get("PrefixListId"),
            f"{peer}SecurityGroupId": other.get("GroupId"),
            f"{peer}SecurityGroupOwnerId": other.get("UserId"),
        }
        if rule.get("IpProtocol") == "-1":
            told = {**told, **{n: properties[n] for n in ("FromPort", "ToPort") if n in properties}}
        return self.model({name: value for name, value in told.items() if value not in (None, "")})


class SecurityGroupIngress(_Rule):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupingress.html"""

    type_name = "AWS::EC2::SecurityGroupIngress"
    direction = "ingress"
    unreadable = frozenset({"SourceSecurityGroupName"})


class SecurityGroupEgress(_Rule):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupegress.html"""

    type_name = "AWS::EC2::SecurityGroupEgress"
    direction = "egress"
