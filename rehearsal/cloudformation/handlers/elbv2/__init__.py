"""Elastic Load Balancing's resource types (application load balancers)."""

from rehearsal.cloudformation.handlers.elbv2.listener import Listener, ListenerCertificate, ListenerRule
from rehearsal.cloudformation.handlers.elbv2.load_balancer import LoadBalancer
from rehearsal.cloudformation.handlers.elbv2.target_group import TargetGroup

HANDLERS = (LoadBalancer(), TargetGroup(), Listener(), ListenerRule(), ListenerCertificate())
