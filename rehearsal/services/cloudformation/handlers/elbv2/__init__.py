"""Elastic Load Balancing's resource types (application load balancers)."""

from rehearsal.services.cloudformation.handlers.elbv2.listener import Listener, ListenerRule
from rehearsal.services.cloudformation.handlers.elbv2.load_balancer import LoadBalancer
from rehearsal.services.cloudformation.handlers.elbv2.target_group import TargetGroup

HANDLERS = (LoadBalancer(), TargetGroup(), Listener(), ListenerRule())
