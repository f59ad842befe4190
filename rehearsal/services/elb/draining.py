"""Deregistration: no new request, those under way are finished.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay
The delay passes at the rehearsal's speed. A request is real work, so what is still under way then may go on for the
delay's real length before it is cut off.
"""

from __future__ import annotations

import asyncio

from rehearsal.kernel import tasks
from rehearsal.services.elb import loop, upstream
from rehearsal.services.elb.targets import Group, Target


def begin(group: Group, target: Target) -> None:
    """Stops new requests at once; the target is gone when the delay is over. Safe from any thread."""
    if target.draining:
        return
    if not group.balancers:
        group.targets.pop((target.id, target.port), None)
        return
    target.become("draining", "Target.DeregistrationInProgress")
    address = group.address(target)
    if address:
        loop.call(upstream.pool.close_idle, address, target.port)
    loop.submit(_drain(group, target, float(group.attribute("deregistration_delay.timeout_seconds", "300"))))


async def _drain(group: Group, target: Target, delay: float) -> None:
    started = asyncio.get_running_loop().time()
    await asyncio.sleep(delay / tasks.speed())
    while target.inflight and asyncio.get_running_loop().time() - started < delay:
        await asyncio.sleep(0.05)
    for request in list(upstream.under_way(target)):
        request.cancel()
    if group.targets.get((target.id, target.port)) is target:
        del group.targets[(target.id, target.port)]
