"""Auto Scaling's resources."""

from __future__ import annotations

from rehearsal.tests.handlers.cases.elbv2 import targets
from rehearsal.tests.handlers.cases.instances import image
from rehearsal.tests.handlers.cases.networks import group as security_group
from rehearsal.tests.handlers.cases.networks import subnet
from rehearsal.tests.handlers.harness import Case, World


def template(world: World) -> str:
    def make() -> str:
        data = {"ImageId": image(world), "InstanceType": "t3.micro", "SecurityGroupIds": [security_group(world)]}
        reply = world.client("ec2").create_launch_template(LaunchTemplateName="shared", LaunchTemplateData=data)
        return reply["LaunchTemplate"]["LaunchTemplateId"]

    return world.once("template", make)


def group(world: World) -> str:
    def make() -> str:
        world.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName="shared",
            MinSize=0,
            MaxSize=1,
            VPCZoneIdentifier=subnet(world),
            LaunchTemplate={"LaunchTemplateId": template(world), "Version": "1"},
        )
        return "shared"

    return world.once("asg", make)


def topic(world: World) -> str:
    return world.once("topic", lambda: world.client("sns").create_topic(Name="shared")["TopicArn"])


def tag(key: str, value: str, propagate: bool = True) -> dict[str, object]:
    return {"Key": key, "Value": value, "PropagateAtLaunch": propagate}


CASES = (
    Case(
        "AWS::AutoScaling::AutoScalingGroup",
        lambda w: {
            "MinSize": "1",
            "MaxSize": "2",
            "DesiredCapacity": "1",
            "VPCZoneIdentifier": [subnet(w)],
            "LaunchTemplate": {"LaunchTemplateId": template(w), "Version": "1"},
            "TargetGroupARNs": [targets(w)],
            "HealthCheckType": "ELB",
            "HealthCheckGracePeriod": 60,
            "Tags": [tag("Name", "web")],
            "TerminationPolicies": ["OldestInstance"],
            "NewInstancesProtectedFromScaleIn": False,
            "Cooldown": "60",
            "MetricsCollection": [{"Granularity": "1Minute", "Metrics": ["GroupInServiceInstances"]}],
        },
        (
            lambda w: {"MinSize": "2", "DesiredCapacity": "2", "Tags": [tag("Name", "app", False), tag("More", "x")]},
            lambda w: {"TargetGroupARNs": [targets(w, "two")], "HealthCheckType": "EC2", "Cooldown": "90"},
            lambda w: {"VPCZoneIdentifier": [subnet(w), subnet(w, 2, "us-east-1b")], "MaxSize": "3"},
        ),
    ),
    Case(
        "AWS::AutoScaling::ScalingPolicy",
        lambda w: {
            "AutoScalingGroupName": group(w),
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingConfiguration": {
                "TargetValue": 50,
                "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            },
        },
        (
            lambda w: {
                "TargetTrackingConfiguration": {
                    "TargetValue": 60,
                    "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
                }
            },
        ),
    ),
    Case(
        "AWS::AutoScaling::LifecycleHook",
        lambda w: {
            "AutoScalingGroupName": group(w),
            "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
            "HeartbeatTimeout": 60,
            "DefaultResult": "ABANDON",
        },
        (lambda w: {"HeartbeatTimeout": 120, "DefaultResult": "CONTINUE"},),
    ),
)
