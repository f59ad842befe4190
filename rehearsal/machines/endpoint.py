"""The API's own address on the network: namespaces do not see this machine's loopback."""

from __future__ import annotations

from rehearsal.kernel.settings import settings
from rehearsal.machines import network, router, servers


@network.on_up
def _start() -> None:
    # Late: the server imports every service, this one among them.
    from rehearsal.kernel import server

    server.serve_on(servers.listen(f"198.18.{router.number()}.1", settings.port))
