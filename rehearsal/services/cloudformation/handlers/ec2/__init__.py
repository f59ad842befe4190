"""Amazon EC2's resource types."""

from rehearsal.services.cloudformation.handlers.ec2.addresses import Eip
from rehearsal.services.cloudformation.handlers.ec2.endpoints import VpcEndpoint
from rehearsal.services.cloudformation.handlers.ec2.flow_log import FlowLog
from rehearsal.services.cloudformation.handlers.ec2.gateways import (
    InternetGateway,
    NatGateway,
    VpcGatewayAttachment,
)
from rehearsal.services.cloudformation.handlers.ec2.instance import Instance
from rehearsal.services.cloudformation.handlers.ec2.launch_template import KeyPair, LaunchTemplate
from rehearsal.services.cloudformation.handlers.ec2.routes import Route, RouteTable, SubnetRouteTableAssociation
from rehearsal.services.cloudformation.handlers.ec2.security_group import (
    SecurityGroup,
    SecurityGroupEgress,
    SecurityGroupIngress,
)
from rehearsal.services.cloudformation.handlers.ec2.volume import Volume
from rehearsal.services.cloudformation.handlers.ec2.vpc import Subnet, Vpc

HANDLERS = (
    Vpc(),
    Subnet(),
    RouteTable(),
    Route(),
    SubnetRouteTableAssociation(),
    InternetGateway(),
    VpcGatewayAttachment(),
    NatGateway(),
    Eip(),
    VpcEndpoint(),
    SecurityGroup(),
    SecurityGroupIngress(),
    SecurityGroupEgress(),
    LaunchTemplate(),
    KeyPair(),
    Instance(),
    Volume(),
    FlowLog(),
)
