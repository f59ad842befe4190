"""A gateway endpoint's routes follow its route tables when they change, not only when it is made.

https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation


@operation("ec2", "ModifyVpcEndpoint")
def modify_vpc_endpoint(call: Call) -> dict[str, Any]:
    backend = get_backend("ec2")[call.account][call.region]
    endpoint = backend.vpc_end_points.get(call.params["VpcEndpointId"])
    before = set(endpoint.route_table_ids or []) if endpoint else set()
    result = call.moto()
    if endpoint is not None and endpoint.destination_prefix_list_id:
        after = set(endpoint.route_table_ids or [])
        for table in before - after:
            backend.delete_route(table, endpoint.destination_prefix_list_id)
        for table in after - before:
            backend.create_route(
                table, None, gateway_id=endpoint.id, destination_prefix_list_id=endpoint.destination_prefix_list_id
            )
    return result
