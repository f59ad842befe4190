"""Second lives, with the properties that the first ones leave out."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.tests.handlers.cases.autoscaling import group as scaling_group
from rehearsal.tests.handlers.cases.autoscaling import template, topic
from rehearsal.tests.handlers.cases.basics import key, log_group, queue, queue_arn, statement, zone
from rehearsal.tests.handlers.cases.delivery import build_role, pipeline, project
from rehearsal.tests.handlers.cases.ec2 import allocation, group, image, subnet, subnets, table, vpc
from rehearsal.tests.handlers.cases.elbv2 import balancer, forward, targets
from rehearsal.tests.handlers.cases.iam import document, role, role_arn
from rehearsal.tests.handlers.cases.others import FLEXIBLE, attributes, keys, machine, target
from rehearsal.tests.handlers.harness import Case, World

FULL = "in full"
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH+J6gPdWvA0T1ADdRBRku2jGekz/4C1rOtTnrAcE8hp hand"


def profile(world: World, name: str) -> str:
    def make() -> str:
        world.client("iam").create_instance_profile(InstanceProfileName=name)
        world.client("iam").add_role_to_instance_profile(InstanceProfileName=name, RoleName=role(world))
        return name

    return world.once(f"profile {name}", make)


def certificate(world: World) -> str:
    return world.once(
        "certificate",
        lambda: world.client("acm").request_certificate(DomainName="www.example.com")["CertificateArn"],
    )


def user(world: World) -> str:
    return world.once("user", lambda: world.client("iam").create_user(UserName="hand")["User"]["UserName"])


def people(world: World) -> str:
    return world.once("people", lambda: world.client("iam").create_group(GroupName="hand")["Group"]["GroupName"])


def bus(world: World) -> str:
    world.once("bus", lambda: world.client("events").create_event_bus(Name="shared")["EventBusArn"])
    return "shared"


def schedules(world: World) -> str:
    world.once("schedules", lambda: world.client("scheduler").create_schedule_group(Name="shared")["ScheduleGroupArn"])
    return "shared"


def mixed(world: World, base: int) -> dict[str, Any]:
    return {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": template(world), "Version": "1"},
            "Overrides": [{"InstanceType": "t3.micro"}, {"InstanceType": "t3.small"}],
        },
        "InstancesDistribution": {"OnDemandBaseCapacity": base, "OnDemandPercentageAboveBaseCapacity": 100},
    }


def hook(name: str) -> dict[str, Any]:
    return {
        "LifecycleHookName": name,
        "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
        "HeartbeatTimeout": 60,
    }


def log_bucket(world: World) -> str:
    def make() -> str:
        api = world.client("s3")
        api.create_bucket(Bucket="hand-logs")
        logs = {
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::hand-logs/*",
        }
        api.put_bucket_policy(Bucket="hand-logs", Policy=json.dumps({"Version": "2012-10-17", "Statement": [logs]}))
        return "hand-logs"

    return world.once("log bucket", make)


def weighted(weight: int) -> dict[str, Any]:
    return {"Weight": weight, "SetIdentifier": "one", "TTL": "60", "ResourceRecords": ["10.1.0.1"]}


def logging(world: World, level: str) -> dict[str, Any]:
    group = log_group(world)
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{group}:*"
    return {
        "Level": level,
        "IncludeExecutionData": True,
        "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": arn}}],
    }


CASES = (
    Case(
        "AWS::AutoScaling::AutoScalingGroup",
        lambda w: {
            "AutoScalingGroupName": "hand-full", "MinSize": "0", "MaxSize": "2", "VPCZoneIdentifier": [subnet(w)],
            "MixedInstancesPolicy": mixed(w, 1), "DefaultInstanceWarmup": 30, "CapacityRebalance": False,
            "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150},
            "LifecycleHookSpecificationList": [hook("a")],
        },
        (
            lambda w: {"MixedInstancesPolicy": mixed(w, 0), "DefaultInstanceWarmup": 60},
            lambda w: {"LifecycleHookSpecificationList": [hook("b")]},
            lambda w: {"InstanceMaintenancePolicy": {"MinHealthyPercentage": 90, "MaxHealthyPercentage": 120}},
        ),
        label=FULL,
    ),
    Case(
        "AWS::AutoScaling::LifecycleHook",
        lambda w: {
            "AutoScalingGroupName": scaling_group(w), "LifecycleHookName": "hand", "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
            "NotificationMetadata": "one", "NotificationTargetARN": topic(w), "RoleARN": role_arn(w, "hooks", "autoscaling"),
        },
        (lambda w: {"NotificationMetadata": "two"},),
        label=FULL,
    ),
    Case(
        "AWS::CloudWatch::Alarm",
        lambda w: {
            "AlarmName": "hand-full", "Namespace": "hand", "MetricName": "a", "ExtendedStatistic": "p95", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1,
            "ComparisonOperator": "GreaterThanThreshold", "EvaluateLowSampleCountPercentile": "ignore", "OKActions": [topic(w)], "InsufficientDataActions": [topic(w)],
        },
        (lambda w: {"OKActions": None, "ExtendedStatistic": "p99"},),
        label=FULL,
    ),
    Case(
        "AWS::CodeBuild::Project",
        lambda w: {
            **project(w), "Name": "hand-full", "VpcConfig": None or project(w)["VpcConfig"], "QueuedTimeoutInMinutes": 60, "ConcurrentBuildLimit": 2,
            "Cache": {"Type": "NO_CACHE"}, "EncryptionKey": f"arn:aws:kms:us-east-1:123456789012:key/{key(w)}",
        },
        (lambda w: {"Cache": None, "QueuedTimeoutInMinutes": None, "ConcurrentBuildLimit": 1, "ServiceRole": build_role(w)},),
        label=FULL,
    ),
    Case(
        "AWS::CodePipeline::Pipeline",
        lambda w: {**pipeline(w), "Name": "hand-full", "DisableInboundStageTransitions": [], "Variables": [{"Name": "Image", "DefaultValue": "none"}]},
        (lambda w: {"Variables": [{"Name": "Image", "DefaultValue": "web", "Description": "Which"}], "RestartExecutionOnUpdate": True},),
        label=FULL,
    ),
    Case(
        "AWS::DynamoDB::Table",
        lambda w: {
            "TableName": "hand-full", "KeySchema": keys("id"), "AttributeDefinitions": attributes("id"), "TableClass": "STANDARD",
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}, "BillingMode": "PROVISIONED",
        },
        (lambda w: {"ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 3}}, lambda w: {"BillingMode": "PAY_PER_REQUEST", "ProvisionedThroughput": None}),
        label=FULL,
        absent=frozenset({"StreamArn"}),
    ),
    Case(
        "AWS::EC2::Instance",
        lambda w: {
            "ImageId": image(w), "InstanceType": "t3.micro", "SubnetId": subnet(w), "IamInstanceProfile": profile(w, "one"), "DisableApiTermination": True,
            "MetadataOptions": {"HttpTokens": "required"}, "PropagateTagsToVolumeOnCreation": True, "Tenancy": "default", "Monitoring": True,
        },
        (
            lambda w: {"IamInstanceProfile": profile(w, "two"), "DisableApiTermination": False},
            lambda w: {"MetadataOptions": {"HttpTokens": "optional"}, "Monitoring": False},
            lambda w: {"IamInstanceProfile": None},
        ),
        label=FULL,
        absent=frozenset({"PublicDnsName", "PublicIp"}),
    ),
    Case("AWS::EC2::KeyPair", lambda w: {"KeyName": "hand-given", "PublicKeyMaterial": PUBLIC_KEY}, label=FULL),
    Case(
        "AWS::EC2::NatGateway", lambda w: {"SubnetId": subnet(w), "ConnectivityType": "private"}, label="private",
        absent=frozenset({"AutoProvisionZones", "AutoScalingIps", "RouteTableId"}),
    ),
    Case("AWS::EC2::Volume", lambda w: {"AvailabilityZone": "us-east-1a", "Size": 10, "VolumeType": "io1", "Iops": 100}, (lambda w: {"Iops": 200},), label=FULL),
    Case(
        "AWS::EC2::SecurityGroupEgress",
        lambda w: {"GroupId": group(w), "IpProtocol": "tcp", "FromPort": 5, "ToPort": 6, "DestinationSecurityGroupId": group(w, "other"), "Description": "a"},
        (lambda w: {"Description": "b"},),
        label=FULL,
    ),
    Case("AWS::EC2::SecurityGroupIngress", lambda w: {"GroupId": group(w), "IpProtocol": "-1", "CidrIp": "10.2.0.0/16"}, label="of all protocols"),
    Case(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        lambda w: {
            "Name": "hand-full", "Port": 443, "Protocol": "HTTPS", "VpcId": vpc(w), "TargetType": "ip", "IpAddressType": "ipv4", "HealthCheckEnabled": True,
            "HealthCheckPort": "8080", "HealthCheckProtocol": "HTTP", "ProtocolVersion": "HTTP1", "Targets": [{"Id": "10.1.1.9", "Port": 443}],
        },
        (lambda w: {"HealthCheckPort": "traffic-port", "HealthCheckProtocol": "HTTPS", "Targets": [{"Id": "10.1.1.10", "Port": 444}]},),
        label=FULL,
        absent=frozenset({"LoadBalancerArns"}),
    ),
    Case(
        "AWS::ElasticLoadBalancingV2::Listener",
        lambda w: {
            "LoadBalancerArn": balancer(w), "Port": 443, "Protocol": "HTTPS", "DefaultActions": [forward(targets(w))],
            "Certificates": [{"CertificateArn": certificate(w)}], "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        },
        (lambda w: {"SslPolicy": "ELBSecurityPolicy-2016-08", "DefaultActions": [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}]},),
        label="with a certificate",
    ),
    Case("AWS::ElasticLoadBalancingV2::LoadBalancer", lambda w: {"Name": "hand-maps", "Scheme": "internal", "SubnetMappings": [{"SubnetId": s} for s in subnets(w)]}, label=FULL),
    Case(
        "AWS::Events::EventBus",
        lambda w: {"Name": "hand-full", "Policy": {"Version": "2012-10-17", "Statement": [{"Sid": "a", "Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "events:PutEvents", "Resource": "arn:aws:events:us-east-1:123456789012:event-bus/hand-full"}]}},
        (lambda w: {"Policy": None},),
        label=FULL,
    ),
    Case(
        "AWS::Events::Rule",
        lambda w: {"Name": "hand-own-bus", "EventBusName": bus(w), "EventPattern": {"source": ["own"]}, "Targets": [{"Id": "a", "Arn": (queue(w, "one"), queue_arn("one"))[1]}]},
        (lambda w: {"EventPattern": {"source": ["other"]}},),
        label="on a bus of one's own",
    ),
    Case("AWS::IAM::ManagedPolicy", lambda w: {"ManagedPolicyName": "hand", "PolicyDocument": document("s3:Get*"), "Users": [user(w)], "Groups": [people(w)]}, (lambda w: {"Users": None},), label=FULL),
    Case("AWS::IAM::Policy", lambda w: {"PolicyName": "hand", "PolicyDocument": document("s3:Get*"), "Users": [user(w)], "Groups": [people(w)]}, (lambda w: {"Groups": None},), label=FULL),
    Case("AWS::KMS::Key", lambda w: {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY", "MultiRegion": False}, label="to sign with"),
    Case("AWS::Logs::LogGroup", lambda w: {"LogGroupName": "/hand/full", "LogGroupClass": "STANDARD"}, label=FULL),
    Case("AWS::Route53::RecordSet", lambda w: {"HostedZoneId": zone(w), "Name": "w.shared.internal", "Type": "A", **weighted(1)}, (lambda w: weighted(2),), label="weighted"),
    Case("AWS::S3::Bucket", lambda w: {"BucketName": "hand-locked", "ObjectLockEnabled": True, "LoggingConfiguration": {"DestinationBucketName": log_bucket(w), "LogFilePrefix": "a/"}}, (lambda w: {"LoggingConfiguration": None},), label="locked and logged"),
    Case("AWS::SNS::Topic", lambda w: {"TopicName": "hand.fifo", "FifoTopic": True, "ContentBasedDeduplication": True}, (lambda w: {"ContentBasedDeduplication": False},), label="first in first out"),
    Case(
        "AWS::SNS::Subscription",
        lambda w: {"TopicArn": topic(w), "Protocol": "sqs", "Endpoint": (queue(w, "two"), queue_arn("two"))[1], "FilterPolicyScope": "MessageBody", "FilterPolicy": {"a": ["b"]}, "RedrivePolicy": {"deadLetterTargetArn": queue_arn("one")}},
        (lambda w: {"FilterPolicyScope": "MessageAttributes"},),
        label=FULL,
    ),
    Case(
        "AWS::SQS::Queue",
        lambda w: {"QueueName": "hand-full", "MaximumMessageSize": 1024, "ReceiveMessageWaitTimeSeconds": 5, "KmsMasterKeyId": "alias/aws/sqs", "KmsDataKeyReusePeriodSeconds": 600},
        (lambda w: {"MaximumMessageSize": 2048, "ReceiveMessageWaitTimeSeconds": None},),
        label=FULL,
    ),
    Case("AWS::SSM::Parameter", lambda w: {"Name": "/hand/list", "Type": "StringList", "Value": "a,b", "Tier": "Standard", "AllowedPattern": "[a-z,]+", "DataType": "text"}, (lambda w: {"Value": "a,b,c"},), label=FULL),
    Case(
        "AWS::Scheduler::Schedule",
        lambda w: {"GroupName": schedules(w), "ScheduleExpression": "cron(0 20 * * ? *)", "ScheduleExpressionTimezone": "Europe/Berlin", "FlexibleTimeWindow": FLEXIBLE, "Target": target(w, "one")},
        (lambda w: {"ScheduleExpressionTimezone": "UTC"},),
        label=FULL,
    ),
    Case(
        "AWS::StepFunctions::StateMachine",
        lambda w: {"RoleArn": role_arn(w, "machine", "states"), "Definition": json.loads(machine("One")), "StateMachineType": "EXPRESS", "LoggingConfiguration": logging(w, "ALL"), "TracingConfiguration": {"Enabled": True}},
        (lambda w: {"LoggingConfiguration": logging(w, "ERROR"), "TracingConfiguration": {"Enabled": False}},),
        label=FULL,
    ),
    Case("AWS::ECR::Repository", lambda w: {"RepositoryName": "hand-full", "EmptyOnDelete": True, "RepositoryPolicyText": statement("ecr:BatchGetImage")}, (lambda w: {"RepositoryPolicyText": None},), label=FULL),
    Case("AWS::EC2::EIP", lambda w: {"Domain": "vpc"}, label="without tags"),
    Case("AWS::EC2::Route", lambda w: {"RouteTableId": table(w), "DestinationCidrBlock": "10.200.0.0/16", "NatGatewayId": (allocation(w), w.made["nat"])[1]}, label="through a NAT gateway"),
)  # fmt: skip
