"""EC2 Auto Scaling's resource types."""

from rehearsal.services.cloudformation.handlers.autoscaling.group import AutoScalingGroup
from rehearsal.services.cloudformation.handlers.autoscaling.parts import LifecycleHook, ScalingPolicy

HANDLERS = (AutoScalingGroup(), ScalingPolicy(), LifecycleHook())
