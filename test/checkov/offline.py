"""Runs Checkov with the arguments given, and without any network: a connection or a look-up of a name fails loudly."""

import sys

REFUSED = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"}


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in REFUSED:
        raise PermissionError(f"Checkov wanted the network: {event}{arguments[1:]}")


sys.addaudithook(refuse)

from checkov.main import Checkov  # noqa: E402

sys.exit(Checkov(sys.argv[1:]).run())
