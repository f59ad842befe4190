"""Requests with documents inside: a member {"$json": tree} is sent as text. Sound ones, for the mutations."""

from __future__ import annotations

from typing import Any

from rehearsal.fuzz.seeds import ROLE

_ACTION = {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"}
_PIPELINE = {
    "name": "fuzz", "roleArn": ROLE, "pipelineType": "V2", "executionMode": "QUEUED",
    "artifactStore": {"type": "S3", "location": "fuzz"},
    "variables": [{"name": "V", "defaultValue": "d"}],
    "stages": [
        {"name": "Source", "actions": [{"name": "Get", "actionTypeId": _ACTION, "outputArtifacts": [{"name": "S"}], "namespace": "N",
         "configuration": {"S3Bucket": "fuzz", "S3ObjectKey": "k", "PollForSourceChanges": "false"}}]},
        {"name": "Ask", "actions": [{"name": "Ask", "actionTypeId": {**_ACTION, "category": "Approval", "provider": "Manual"},
         "configuration": {"CustomData": "#{N.ETag}"}}],
         "beforeEntry": {"conditions": [{"result": "SKIP", "rules": [{"name": "r", "ruleTypeId":
            {"category": "Rule", "owner": "AWS", "provider": "VariableCheck", "version": "1"}, "configuration":
            {"Variable": "#{variables.V}", "Value": "d.*", "Operator": "MATCHES"}}]}]},
         "onSuccess": {"conditions": [{"result": "FAIL", "rules": [{"name": "w", "ruleTypeId":
            {"category": "Rule", "owner": "AWS", "provider": "CloudWatchAlarm", "version": "1"}, "configuration":
            {"AlarmName": "fuzz", "AlarmStates": "ALARM", "WaitTime": "1"}}]}]}},
        {"name": "Deploy", "actions": [{"name": "Stack", "actionTypeId": {**_ACTION, "category": "Deploy", "provider": "CloudFormation"},
         "inputArtifacts": [{"name": "S"}], "configuration": {"ActionMode": "CREATE_UPDATE", "StackName": "s", "RoleArn": ROLE,
         "TemplatePath": "S::t.yaml", "Capabilities": "CAPABILITY_IAM", "ParameterOverrides": {"$json": {"P": "#{N.ETag}"}}}}]},
    ],
}  # fmt: skip
_PROJECT = {
    "name": "fuzz", "serviceRole": ROLE, "source": {"type": "NO_SOURCE", "buildspec": "version: 0.2"}, "artifacts": {"type": "NO_ARTIFACTS"},
    "environment": {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL",
                    "environmentVariables": [{"name": "A", "value": "b", "type": "PLAINTEXT"}]},
    "cache": {"type": "LOCAL", "modes": ["LOCAL_CUSTOM_CACHE"]}, "tags": [{"key": "k", "value": "v"}], "timeoutInMinutes": 10,
    "logsConfig": {"cloudWatchLogs": {"status": "ENABLED", "groupName": "g"}},
}  # fmt: skip
_PATTERN = {"source": ["a"], "detail": {"x": [{"prefix": "y"}, {"numeric": [">", 0, "<=", 5]}, {"exists": True}, {"anything-but": ["z"]},
            {"wildcard": "a*b"}, {"cidr": "10.0.0.0/8"}, {"suffix": "s"}, {"equals-ignore-case": "q"}], "$or": [{"a": [1]}, {"b": [None]}]}}  # fmt: skip
_ALARM = {"AlarmName": "fuzz", "MetricName": "m", "Namespace": "n", "Statistic": "Average", "Period": 60, "EvaluationPeriods": 1,
          "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "missing",
          "Dimensions": [{"Name": "d", "Value": "v"}]}  # fmt: skip
_MATH = {"AlarmName": "fuzz-math", "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "LessThanThreshold", "Metrics": [
    {"Id": "e", "Expression": "IF(FILL(a, 0) > 1, SUM([a, a]), RATE(a)) / 2", "ReturnData": True},
    {"Id": "a", "MetricStat": {"Metric": {"Namespace": "n", "MetricName": "m"}, "Period": 60, "Stat": "p99.9"}, "ReturnData": False},
]}  # fmt: skip
_GROUP = {"AutoScalingGroupName": "fuzz", "MinSize": 0, "MaxSize": 0, "DesiredCapacity": 0, "AvailabilityZones": ["us-east-1a"],
          "LaunchTemplate": {"LaunchTemplateName": "fuzz", "Version": "$Latest"}, "Tags": [{"Key": "k", "Value": "v", "PropagateAtLaunch": True}],
          "HealthCheckType": "EC2", "HealthCheckGracePeriod": 60}  # fmt: skip
_EVENTS = [
    {
        "Source": "a",
        "DetailType": "t",
        "Detail": {"$json": {"x": "y", "n": 1, "l": [1, {"a": None}]}},
        "Resources": ["r"],
    }
]

SEEDS: list[tuple[str, str, dict[str, Any]]] = [
    ("codepipeline", "CreatePipeline", {"pipeline": _PIPELINE, "tags": [{"key": "a", "value": "b"}]}),
    ("codepipeline", "UpdatePipeline", {"pipeline": _PIPELINE}),
    ("codepipeline", "StartPipelineExecution", {"name": "fuzz", "variables": [{"name": "V", "value": "x"}]}),
    ("codebuild", "CreateProject", _PROJECT),
    ("codebuild", "UpdateProject", _PROJECT),
    ("events", "PutRule", {"Name": "fuzz", "EventPattern": {"$json": _PATTERN}, "State": "ENABLED"}),
    ("events", "PutRule", {"Name": "fuzz", "ScheduleExpression": "rate(5 minutes)"}),
    ("events", "PutTargets", {"Rule": "fuzz", "Targets": [{"Id": "t", "Arn": "arn:aws:sqs:us-east-1:123456789012:fuzz",
        "InputTransformer": {"InputPathsMap": {"a": "$.detail.x", "l": "$.detail.l[0]"}, "InputTemplate": '"<a> <l> <aws.events.event>"'}}]}),
    ("events", "PutTargets", {"Rule": "fuzz", "Targets": [{"Id": "t", "Arn": "arn:aws:sqs:us-east-1:123456789012:fuzz", "InputPath": "$.detail"}]}),
    ("events", "PutEvents", {"Entries": _EVENTS}),
    ("events", "TestEventPattern", {"EventPattern": {"$json": _PATTERN}, "Event": {"$json": {"id": "1", "account": "1", "source": "a",
        "time": "2026-01-01T00:00:00Z", "region": "us-east-1", "resources": [], "detail-type": "t", "detail": {"x": "y"}}}}),
    ("cloudwatch", "PutMetricAlarm", _ALARM),
    ("cloudwatch", "PutMetricAlarm", _MATH),
    ("cloudwatch", "GetMetricData", {"MetricDataQueries": _MATH["Metrics"], "StartTime": "2026-01-01T00:00:00Z", "EndTime": "2026-01-01T01:00:00Z"}),
    ("cloudwatch", "PutMetricData", {"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": 2, "Unit": "Count",
        "Dimensions": [{"Name": "d", "Value": "v"}], "Timestamp": "2026-01-01T00:00:00Z"}]}),
    ("autoscaling", "CreateAutoScalingGroup", _GROUP),
    ("autoscaling", "PutScalingPolicy", {"AutoScalingGroupName": "fuzz", "PolicyName": "p", "PolicyType": "TargetTrackingScaling",
        "TargetTrackingConfiguration": {"PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"}, "TargetValue": 50}}),
    ("autoscaling", "PutLifecycleHook", {"AutoScalingGroupName": "fuzz", "LifecycleHookName": "h", "LifecycleTransition":
        "autoscaling:EC2_INSTANCE_LAUNCHING", "HeartbeatTimeout": 60, "DefaultResult": "ABANDON"}),
    ("autoscaling", "StartInstanceRefresh", {"AutoScalingGroupName": "fuzz", "Preferences": {"MinHealthyPercentage": 90, "InstanceWarmup": 1,
        "CheckpointPercentages": [50, 100], "CheckpointDelay": 1}}),
    ("ec2", "DescribeImages", {"Owners": ["self"], "Filters": [{"Name": "name", "Values": ["a*"]}, {"Name": "tag:a", "Values": ["?"]}]}),
    ("ec2", "DescribeInstances", {"Filters": [{"Name": "tag-key", "Values": ["*"]}], "MaxResults": 5}),
    ("ec2", "CreateLaunchTemplate", {"LaunchTemplateName": "fuzz", "LaunchTemplateData": {"ImageId": "ami-12345678", "InstanceType": "t3.micro",
        "MetadataOptions": {"HttpTokens": "required"}, "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]}]}}),
    ("ec2", "RunInstances", {"ImageId": "ami-00000000", "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}),
    ("elbv2", "CreateTargetGroup", {"Name": "fuzz", "Protocol": "HTTP", "Port": 80, "VpcId": "vpc-12345678", "HealthCheckPath": "/",
        "Matcher": {"HttpCode": "200-299"}}),
    ("elbv2", "CreateRule", {"ListenerArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/a/1/2", "Priority": 1,
        "Conditions": [{"Field": "path-pattern", "Values": ["/a*"]}], "Actions": [{"Type": "fixed-response",
        "FixedResponseConfig": {"StatusCode": "200"}}]}),
    ("cloudformation", "CreateStack", {"StackName": "fuzz-a", "TemplateBody": {"$json": {"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}},
        "Tags": [{"Key": "a", "Value": "b"}], "Capabilities": ["CAPABILITY_IAM"], "OnFailure": "DELETE", "TimeoutInMinutes": 5,
        "StackPolicyBody": {"$json": {"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}},
        "NotificationARNs": ["arn:aws:sns:us-east-1:123456789012:t"], "RollbackConfiguration": {"MonitoringTimeInMinutes": 0}}),
    ("cloudformation", "SetStackPolicy", {"StackName": "fuzz-a", "StackPolicyBody": {"$json": {"Statement": [{"Effect": "Deny",
        "Action": ["Update:Replace"], "Principal": "*", "Resource": "LogicalResourceId/A", "Condition": {"StringLike": {"ResourceType": ["AWS::*"]}}}]}}}),
    ("cloudformation", "UpdateStack", {"StackName": "fuzz-a", "UsePreviousTemplate": True, "Parameters": [{"ParameterKey": "P", "UsePreviousValue": True}]}),
    ("cloudformation", "DescribeStackEvents", {"StackName": "fuzz-a", "NextToken": "page-0"}),
    ("cloudformation", "SignalResource", {"StackName": "fuzz-a", "LogicalResourceId": "A", "UniqueId": "u", "Status": "SUCCESS"}),
    ("logs", "PutMetricFilter", {"logGroupName": "fuzz", "filterName": "f", "filterPattern": '{ $.a = "b" && $.n > 1 }',
        "metricTransformations": [{"metricName": "m", "metricNamespace": "n", "metricValue": "1"}]}),
    ("ssm", "PutParameter", {"Name": "/fuzz", "Value": "a", "Type": "String", "AllowedPattern": "[a-z]+", "Overwrite": True}),
    ("iam", "CreateRole", {"RoleName": "fuzz-b", "AssumeRolePolicyDocument": {"$json": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}}, "Tags": [{"Key": "a", "Value": "b"}]}),
    ("sts", "AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "s", "DurationSeconds": 900, "Policy": {"$json": {"Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}, "Tags": [{"Key": "a", "Value": "b"}]}),
    ("s3", "PutBucketNotificationConfiguration", {"Bucket": "fuzz", "NotificationConfiguration": {"EventBridgeConfiguration": {}}}),
]  # fmt: skip
