"""https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html"""

from moto.backends import get_backend

from rehearsal.services.ec2.default_vpc import EVERYWHERE, connect


def test_default_vpc_reaches_the_internet() -> None:
    """A default VPC has an internet gateway and a route to it, once however often it is asked."""
    backend = get_backend("ec2")["210987654321"]["eu-west-1"]
    connect(backend)
    connect(backend)
    gateways = backend.describe_internet_gateways()
    routes = [route for table in backend.describe_route_tables() for route in table.routes]
    ways_out = [route for route in routes if route.destination_cidr_block == EVERYWHERE]
    assert len(gateways) == 1
    assert [route.gateway.id for route in ways_out] == [gateways[0].id]
