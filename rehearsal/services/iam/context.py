"""The condition keys of a request, as far as the rehearsal knows them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.services.iam import actions, lookups, owners, passing, resource_tags, roles, tagging, tags
from rehearsal.services.iam.conditions import Context
from rehearsal.services.organizations import membership


def of(call: Call, action: str, resource: str) -> Context:
    """Lower-case keys; a key that AWS would not send for this request is absent."""
    who = call.principal
    now = datetime.now(UTC)
    facts: dict[str, list[str]] = {
        # The rehearsal listens on loopback without TLS; what a client does over it is TLS on AWS.
        "aws:securetransport": ["true"],
        "aws:currenttime": [now.isoformat()],
        "aws:epochtime": [str(int(now.timestamp()))],
        "aws:requestedregion": [call.region],
        "aws:principalarn": [who.role_arn or who.arn],
        "aws:principalaccount": [who.account],
        "aws:principaltype": ["AssumedRole" if who.type == "assumed-role" else "User"],
        "aws:resourceaccount": [owners.of(resource) or call.account],
    }
    for side, account in (("principal", who.account), ("resource", facts["aws:resourceaccount"][0])):
        found = membership.of(account)
        if found is not None:
            facts[f"aws:{side}orgid"], facts[f"aws:{side}orgpaths"] = [found.id], [found.path]
    if who.type == "service":
        facts["aws:sourceaccount"] = [call.account]
        facts["aws:principalisawsservice"] = ["true"]
    if who.type == "user":
        facts["aws:username"] = [who.arn.rsplit("/", 1)[-1]]
    for key, value in roles.tags_of(who.role_arn).items():
        facts[f"aws:principaltag/{key.lower()}"] = [value]
    if action == "iam:PassRole":
        facts["iam:passedtoservice"] = [passing.passed_to(call)]
    requested = tags.requested(call, resource) if action.startswith(f"{actions.prefix_of(call.service)}:") else {}
    if requested:
        facts["aws:tagkeys"] = sorted(requested)
    for key, value in requested.items():
        facts[f"aws:requesttag/{key.lower()}"] = [value]
    for key, value in resource_tags.of(call, resource).items():
        facts[f"aws:resourcetag/{key.lower()}"] = [value]
        facts[f"{action.split(':')[0]}:resourcetag/{key.lower()}"] = [value]
    facts.update(_of_service(call, action))
    if resource.startswith("arn:aws:ec2:") and ":image/" in resource:
        facts.update(lookups.image_facts(call, resource))
    return facts


def _of_service(call: Call, action: str) -> dict[str, list[str]]:
    params: dict[str, Any] = call.params
    if action.startswith("kms:"):
        return {"kms:calleraccount": [call.principal.account]}
    if action == "cloudwatch:PutMetricData":
        return {"cloudwatch:namespace": [str(params.get("Namespace", ""))]}
    if call.service == "s3":
        named = {
            "s3:prefix": params.get("Prefix"),
            "s3:delimiter": params.get("Delimiter"),
            "s3:max-keys": params.get("MaxKeys"),
        }
        sse = {
            "s3:x-amz-server-side-encryption": params.get("ServerSideEncryption"),
            "s3:x-amz-server-side-encryption-aws-kms-key-id": params.get("SSEKMSKeyId"),
        }
        return {key: [str(value)] for key, value in {**named, **sse}.items() if value is not None}
    if action == tagging.permission(call):
        return {f"{action.split(':')[0]}:createaction": [call.operation]}
    if call.service == "iam":
        limits = {
            "iam:permissionsboundary": params.get("PermissionsBoundary"),
            "iam:policyarn": params.get("PolicyArn"),
            "iam:awsservicename": params.get("AWSServiceName"),
        }
        if "iam:permissionsboundary" not in params and call.operation != "CreateRole":
            limits["iam:permissionsboundary"] = tags.boundary_of_role(call)
        return {key: [str(value)] for key, value in limits.items() if value}
    if call.service == "cloudformation":
        named = {
            "cloudformation:rolearn": params.get("RoleARN"),
            "cloudformation:templateurl": params.get("TemplateURL"),
        }
        named["cloudformation:changesetname"] = params.get("ChangeSetName")
        return {key: [str(value)] for key, value in named.items() if value}
    if call.service == "ec2" and call.operation == "CreateNetworkInterfacePermission":
        return {"ec2:authorizedservice": [params["AwsService"]], "ec2:subnet": [params["SubnetArn"]]}
    if call.service == "ec2" and call.operation == "RunInstances":
        asked = params.get("MetadataOptions") or {}
        named = {
            "ec2:instancetype": params.get("InstanceType"),
            "ec2:metadatahttptokens": asked.get("HttpTokens"),
            "ec2:launchtemplate": lookups.launch_template_arn(call),
        }
        return {key: [str(value)] for key, value in named.items() if value}
    if call.service == "sts":
        named = {"sts:externalid": params.get("ExternalId"), "sts:rolesessionname": params.get("RoleSessionName")}
        return {key: [str(value)] for key, value in named.items() if value}
    return {}
