"""ELBv2's operations that change what load balancers do: moto records, the fleet follows.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from rehearsal.kernel import clients
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.services.elb import fleet, targets, tls
from rehearsal.services.elb.validation import check_subnets

_ROUTING = ("forward", "redirect", "fixed-response")


def _follow(call: Call) -> None:
    fleet.follow(call.account, call.region)


def _described(call: Call, arn: str) -> dict[str, Any]:
    model = get_backend("elbv2")[call.account][call.region].load_balancers[arn]
    state: dict[str, str] = {"Code": model.state}
    if getattr(model, "reason", None):
        state["Reason"] = model.reason
    return {"DNSName": model.dns_name, "State": state}


@operation("elbv2", "CreateLoadBalancer")
def create_load_balancer(call: Call) -> dict[str, Any]:
    """The same name and settings again give the same load balancer, as documented."""
    params = {"Scheme": "internet-facing", **call.params}
    if params.get("Type", "application") != "application":
        raise NotImplementedByRehearsal("elbv2", "CreateLoadBalancer", f"Type {params['Type']}")
    for model in get_backend("elbv2")[call.account][call.region].load_balancers.values():
        if model.name == params["Name"]:
            same = model.scheme == params["Scheme"] and {s.id for s in model.subnets} == set(_subnets(params))
            if not same:
                raise AwsError("DuplicateLoadBalancerName", "A load balancer with the same name exists")
            return _client_view(call, model.arn)
    check_subnets(call.account, call.region, _subnets(params), str(params["Scheme"]))
    if not params.get("SecurityGroups"):
        params = {**params, "SecurityGroups": [_default_group(call)]}
    made = call.moto(params)
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    fleet.open_balancer(call.account, call.region, arn)
    made["LoadBalancers"][0].update(_described(call, arn))
    return made


def _subnets(params: dict[str, Any]) -> list[str]:
    return list(params.get("Subnets") or [m["SubnetId"] for m in params.get("SubnetMappings") or []])


def _default_group(call: Call) -> str:
    """Without security groups a load balancer has the VPC's default one."""
    ec2 = get_backend("ec2")[call.account][call.region]
    vpc = ec2.get_subnet(_subnets(call.params)[0]).vpc_id
    found = next((g for g in ec2.groups.get(vpc, {}).values() if g.name == "default"), None)
    return str(found.id) if found else ""


def _client_view(call: Call, arn: str) -> dict[str, Any]:
    service = clients.Service("elasticloadbalancing.amazonaws.com", call.account)
    elbv2 = clients.client("elbv2", call.region, principal=service)
    return {"LoadBalancers": elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]}


@operation("elbv2", "DescribeLoadBalancers")
def describe_load_balancers(call: Call) -> dict[str, Any]:
    found = call.moto()
    for balancer in found["LoadBalancers"]:
        balancer.update(_described(call, balancer["LoadBalancerArn"]))
    return found


@operation("elbv2", "DeleteLoadBalancer")
def delete_load_balancer(call: Call) -> dict[str, Any]:
    arn = call.params["LoadBalancerArn"]
    model = get_backend("elbv2")[call.account][call.region].load_balancers.get(arn)
    if model and str(model.attrs.get("deletion_protection.enabled")).lower() == "true":
        raise AwsError(
            "OperationNotPermitted",
            f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
        )
    result = call.moto()
    fleet.close_balancer(arn)
    _follow(call)
    return result


@operation("elbv2", "SetSubnets")
def set_subnets(call: Call) -> dict[str, Any]:
    model = get_backend("elbv2")[call.account][call.region].load_balancers.get(call.params["LoadBalancerArn"])
    if model:
        check_subnets(call.account, call.region, _subnets(call.params), str(model.scheme))
    result = call.moto()
    fleet.set_subnets(call.params["LoadBalancerArn"])
    _follow(call)
    return result


@operation("elbv2", "SetSecurityGroups")
def set_security_groups(call: Call) -> dict[str, Any]:
    result = call.moto()
    fleet.set_security_groups(call.params["LoadBalancerArn"])
    return result


def _check_actions(call: Call, actions: list[dict[str, Any]]) -> None:
    for action in actions:
        sticky = (action.get("ForwardConfig") or {}).get("TargetGroupStickinessConfig") or {}
        if action["Type"] not in _ROUTING:
            raise NotImplementedByRehearsal("elbv2", call.operation, f"action {action['Type']}")
        if str(sticky.get("Enabled", False)).lower() == "true":
            raise NotImplementedByRehearsal("elbv2", call.operation, "stickiness between target groups")


def _check_certificate(call: Call) -> None:
    """Before anything is recorded: a listener whose certificate cannot be read could not listen."""
    certificates = call.params.get("Certificates") or []
    if call.params.get("Protocol") == "HTTPS" and call.operation == "CreateListener" and not certificates:
        raise AwsError("CertificateNotFound", "A certificate must be specified for HTTPS listeners")
    for certificate in certificates:
        tls.context(call.account, call.region, certificate["CertificateArn"])


@operation("elbv2", "CreateListener", "ModifyListener")
def change_listener(call: Call) -> dict[str, Any]:
    _check_actions(call, call.params.get("DefaultActions") or [])
    _check_certificate(call)
    if call.operation == "CreateListener":
        _check_port_free(call)
    result = call.moto()
    try:
        _follow(call)
    except OSError as error:
        if call.operation == "CreateListener":
            listener = result["Listeners"][0]["ListenerArn"]
            get_backend("elbv2")[call.account][call.region].delete_listener(listener)
        raise AwsError("InvalidConfigurationRequest", f"The listener cannot listen: {error}") from error
    return result


def _check_port_free(call: Call) -> None:
    """moto looks the port up among ARNs, so it never finds the duplicate."""
    arn = call.params["LoadBalancerArn"]
    model = get_backend("elbv2")[call.account][call.region].load_balancers.get(arn)
    for listener in model.listeners.values() if model else []:
        if int(listener.port) == int(call.params.get("Port") or 0):
            raise AwsError("DuplicateListener", "A listener already exists on this port for this load balancer")


@operation("elbv2", "CreateRule", "ModifyRule")
def change_rule(call: Call) -> dict[str, Any]:
    _check_actions(call, call.params.get("Actions") or [])
    result = call.moto()
    _follow(call)
    return result


@operation("elbv2", "DeleteListener", "DeleteRule", "SetRulePriorities")
def change_routing(call: Call) -> dict[str, Any]:
    result = call.moto()
    _follow(call)
    return result


@operation("elbv2", "DeleteTargetGroup")
def delete_target_group(call: Call) -> dict[str, Any]:
    result = call.moto()
    targets.forget(call.params["TargetGroupArn"])
    return result


@operation("elbv2", "CreateTargetGroup")
def create_target_group(call: Call) -> dict[str, Any]:
    kind, protocol = call.params.get("TargetType", "instance"), call.params.get("Protocol", "HTTP")
    if kind not in ("instance", "ip") or protocol not in ("HTTP", "HTTPS"):
        raise NotImplementedByRehearsal("elbv2", "CreateTargetGroup", f"{kind} targets over {protocol}")
    if call.params.get("ProtocolVersion", "HTTP1") != "HTTP1":
        version = call.params["ProtocolVersion"]
        raise NotImplementedByRehearsal("elbv2", "CreateTargetGroup", f"ProtocolVersion {version}")
    return call.moto()


# Attributes that change how requests are spread over targets, and the only value that is done: round robin, at once.
_SPREADING = {
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "load_balancing.algorithm.type": "round_robin",
    "slow_start.duration_seconds": "0",
    "stickiness.enabled": "false",
}


@operation("elbv2", "ModifyTargetGroupAttributes")
def modify_target_group_attributes(call: Call) -> dict[str, Any]:
    for attribute in call.params.get("Attributes") or []:
        name, value = attribute.get("Key", ""), attribute.get("Value")
        if value is not None and value != _SPREADING.get(name, value):
            raise NotImplementedByRehearsal("elbv2", "ModifyTargetGroupAttributes", f"{name} {value}")
    return call.moto()


@operation("elbv2", "AddListenerCertificates")
def add_listener_certificates(call: Call) -> dict[str, Any]:
    """Only the default certificate of a listener is served."""
    raise NotImplementedByRehearsal("elbv2", "AddListenerCertificates")
