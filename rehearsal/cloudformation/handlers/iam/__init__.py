"""IAM's resource types."""

from rehearsal.cloudformation.handlers.iam.policies import ManagedPolicy, Policy
from rehearsal.cloudformation.handlers.iam.profiles import InstanceProfile, ServiceLinkedRole
from rehearsal.cloudformation.handlers.iam.role import Role

HANDLERS = (Role(), Policy(), ManagedPolicy(), InstanceProfile(), ServiceLinkedRole())
