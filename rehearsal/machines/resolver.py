"""The VPCs' name server: private zones first, the host's own name servers for everything else.

https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rehearsal.machines import dns_message, network, zones

# Linux's in_pktinfo tells which of the router's addresses was asked, and answers from that one.
_IP_PKTINFO = 8
_pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="dns")


def upstreams() -> list[str]:
    """The host's own name servers."""
    found = []
    with contextlib.suppress(OSError):
        for line in Path("/etc/resolv.conf").read_text().splitlines():
            words = line.split()
            if len(words) > 1 and words[0] == "nameserver":
                found.append(words[1])
    return found


def resolve(packet: bytes, asker: str) -> bytes | None:
    """The reply to a query; None for what is no query."""
    try:
        question = dns_message.parse(packet)
    except (ValueError, IndexError):
        return None
    try:
        records = zones.answer(question.name, question.type, network.vpc_of(asker))
    except KeyError:
        return dns_message.reply(packet, question, [], dns_message.NO_SUCH_NAME)
    if records is not None:
        return dns_message.reply(packet, question, records)
    for server in upstreams():
        answer = _ask(server, packet)
        if answer is not None:
            return answer
    return dns_message.reply(packet, question, [], dns_message.SERVER_FAILURE)


def _ask(server: str, packet: bytes) -> bytes | None:
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asking:
        asking.settimeout(3)
        asking.connect((server, 53))
        asking.send(packet)
        while True:
            answer = asking.recv(65535)
            if answer[:2] == packet[:2]:
                return answer
    return None


def _serve_udp(server: socket.socket) -> None:
    while True:
        try:
            packet, ancillary, _, asker = server.recvmsg(4096, socket.CMSG_SPACE(12))
        except OSError:
            return
        asked = next((data[4:8] for level, kind, data in ancillary if kind == _IP_PKTINFO), b"\0\0\0\0")
        _pool.submit(_answer_udp, server, packet, asked, asker)


def _answer_udp(server: socket.socket, packet: bytes, asked: bytes, asker: tuple[str, int]) -> None:
    answer = resolve(packet, asker[0])
    if answer:
        source = struct.pack("@i4s4s", 0, asked, b"\0\0\0\0")
        with contextlib.suppress(OSError):
            server.sendmsg([answer], [(socket.IPPROTO_IP, _IP_PKTINFO, source)], 0, asker)


def _serve_tcp(server: socket.socket) -> None:
    while True:
        try:
            connection, asker = server.accept()
        except OSError:
            return
        _pool.submit(_answer_tcp, connection, asker[0])


def _answer_tcp(connection: socket.socket, asker: str) -> None:
    with connection, contextlib.suppress(OSError):
        connection.settimeout(5)
        with connection.makefile("rb") as stream:
            while len(head := stream.read(2)) == 2:
                answer = resolve(stream.read(int.from_bytes(head, "big")), asker)
                if answer is None:
                    return
                connection.sendall(len(answer).to_bytes(2, "big") + answer)


@network.on_up
def _start() -> None:
    udp = network.router_socket(type=socket.SOCK_DGRAM)
    udp.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
    udp.bind(("0.0.0.0", 53))
    tcp = network.router_socket()
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    tcp.bind(("0.0.0.0", 53))
    tcp.listen(32)
    threading.Thread(target=_serve_udp, args=(udp,), name="dns-udp", daemon=True).start()
    threading.Thread(target=_serve_tcp, args=(tcp,), name="dns-tcp", daemon=True).start()
