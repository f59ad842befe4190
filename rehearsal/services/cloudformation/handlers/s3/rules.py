"""Lifecycle rules and notifications of a bucket: templates and S3 word them differently.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html
"""

from typing import Any

Rule = dict[str, Any]


def _without_none(value: Rule) -> Rule:
    return {name: item for name, item in value.items() if item not in (None, {}, [])}


def lifecycle_to_api(configuration: Rule) -> Rule:
    return {"Rules": [_rule_to_api(rule, number) for number, rule in enumerate(configuration["Rules"])]}


def _rule_to_api(rule: Rule, number: int) -> Rule:
    old = rule.get("NoncurrentVersionExpirationInDays")
    noncurrent = rule.get("NoncurrentVersionExpiration") or ({"NoncurrentDays": old} if old else None)
    transitions = [*rule.get("Transitions", []), *([rule["Transition"]] if "Transition" in rule else [])]
    single = rule.get("NoncurrentVersionTransition")
    later = [*rule.get("NoncurrentVersionTransitions", []), *([single] if single else [])]
    return _without_none(
        {
            "ID": rule.get("Id") or f"rule-{number}",
            "Status": rule["Status"],
            "Expiration": _without_none(
                {
                    "Days": rule.get("ExpirationInDays"),
                    "Date": rule.get("ExpirationDate"),
                    "ExpiredObjectDeleteMarker": rule.get("ExpiredObjectDeleteMarker"),
                }
            ),
            "NoncurrentVersionExpiration": noncurrent,
            "Transitions": [
                _without_none(
                    {
                        "Days": item.get("TransitionInDays"),
                        "Date": item.get("TransitionDate"),
                        "StorageClass": item["StorageClass"],
                    }
                )
                for item in transitions
            ],
            "NoncurrentVersionTransitions": [
                _without_none(
                    {
                        "NoncurrentDays": item["TransitionInDays"],
                        "NewerNoncurrentVersions": item.get("NewerNoncurrentVersions"),
                        "StorageClass": item["StorageClass"],
                    }
                )
                for item in later
            ],
            "AbortIncompleteMultipartUpload": rule.get("AbortIncompleteMultipartUpload"),
        }
    ) | {"Filter": _filter(rule)}


def _filter(rule: Rule) -> Rule:
    parts = _without_none(
        {
            "Prefix": rule.get("Prefix"),
            "ObjectSizeGreaterThan": rule.get("ObjectSizeGreaterThan"),
            "ObjectSizeLessThan": rule.get("ObjectSizeLessThan"),
        }
    )
    tags = rule.get("TagFilters", [])
    if len(parts) + len(tags) > 1:
        return {"And": {**parts, **({"Tags": tags} if tags else {})}}
    return {"Tag": tags[0]} if tags else parts or {"Prefix": ""}


def lifecycle_to_model(told: Rule) -> Rule:
    return {"Rules": [_rule_to_model(rule) for rule in told.get("Rules", [])]}


def _rule_to_model(rule: Rule) -> Rule:
    found = rule.get("Filter", {})
    parts = found.get("And", found)
    tags = parts.get("Tags") or ([found["Tag"]] if "Tag" in found else [])
    expiration = rule.get("Expiration", {})
    return _without_none(
        {
            "Id": rule.get("ID"),
            "Status": rule["Status"],
            "Prefix": parts.get("Prefix") or rule.get("Prefix") or None,
            "ObjectSizeGreaterThan": parts.get("ObjectSizeGreaterThan"),
            "ObjectSizeLessThan": parts.get("ObjectSizeLessThan"),
            "TagFilters": tags,
            "ExpirationInDays": expiration.get("Days"),
            "ExpirationDate": expiration.get("Date"),
            "ExpiredObjectDeleteMarker": expiration.get("ExpiredObjectDeleteMarker") or None,
            "NoncurrentVersionExpiration": rule.get("NoncurrentVersionExpiration"),
            "Transitions": [
                _without_none(
                    {
                        "TransitionInDays": item.get("Days"),
                        "TransitionDate": item.get("Date"),
                        "StorageClass": item["StorageClass"],
                    }
                )
                for item in rule.get("Transitions", [])
            ],
            "NoncurrentVersionTransitions": [
                _without_none(
                    {
                        "TransitionInDays": item.get("NoncurrentDays"),
                        "NewerNoncurrentVersions": item.get("NewerNoncurrentVersions"),
                        "StorageClass": item["StorageClass"],
                    }
                )
                for item in rule.get("NoncurrentVersionTransitions", [])
            ],
            "AbortIncompleteMultipartUpload": rule.get("AbortIncompleteMultipartUpload"),
        }
    )


# Template list -> API list, and the destination's name in each.
_DESTINATIONS = (
    ("TopicConfigurations", "TopicConfigurations", "Topic", "TopicArn"),
    ("QueueConfigurations", "QueueConfigurations", "Queue", "QueueArn"),
    ("LambdaConfigurations", "LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
)


def notifications_to_api(configuration: Rule) -> Rule:
    result: Rule = {}
    bridge = configuration.get("EventBridgeConfiguration")
    if bridge is not None and str(bridge.get("EventBridgeEnabled", True)).lower() == "true":
        result["EventBridgeConfiguration"] = {}
    for name, api_name, target, api_target in _DESTINATIONS:
        items = []
        for item in configuration.get(name, []):
            rules = item.get("Filter", {}).get("S3Key", {}).get("Rules")
            chosen = {"Filter": {"Key": {"FilterRules": rules}}} if rules else {}
            items.append({api_target: item[target], "Events": [item["Event"]], **chosen})
        if items:
            result[api_name] = items
    return result


def notifications_to_model(told: Rule) -> Rule:
    result: Rule = {}
    if "EventBridgeConfiguration" in told:
        result["EventBridgeConfiguration"] = {"EventBridgeEnabled": True}
    for name, api_name, target, api_target in _DESTINATIONS:
        items = [
            {target: item[api_target], "Event": event, **_told_filter(item)}
            for item in told.get(api_name, [])
            for event in item["Events"]
        ]
        if items:
            result[name] = items
    return result


def _told_filter(item: Rule) -> Rule:
    rules = item.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    named = [{"Name": rule["Name"].lower(), "Value": rule["Value"]} for rule in rules]
    return {"Filter": {"S3Key": {"Rules": named}}} if named else {}
