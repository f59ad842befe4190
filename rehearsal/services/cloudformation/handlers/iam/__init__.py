"""IAM's resource types."""

from rehearsal.services.cloudformation.handlers.iam.policies import ManagedPolicy, Policy
from rehearsal.services.cloudformation.handlers.iam.profiles import InstanceProfile, ServiceLinkedRole
from rehearsal.services.cloudformation.handlers.iam.role import Role

HANDLERS = (Role(), Policy(), ManagedPolicy(), InstanceProfile(), ServiceLinkedRole())
