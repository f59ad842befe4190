"""As much of DNS's wire format as a resolver needs that forwards most questions. RFC 1035, section 4."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33}
NO_ERROR, SERVER_FAILURE, NO_SUCH_NAME = 0, 2, 3


@dataclass(frozen=True)
class Question:
    """`name` in lower case without the final dot; `end` is where the packet's question ends."""

    id: int
    flags: int
    name: str
    type: int
    end: int


@dataclass(frozen=True)
class Record:
    """`value` as Route 53 has it: an address, a name, or quoted text."""

    name: str
    type: str
    ttl: int
    value: str


def parse(packet: bytes) -> Question:
    """@raises ValueError for what is no single question."""
    if len(packet) < 17:
        raise ValueError("short packet")
    identifier, flags, questions = struct.unpack("!HHH", packet[:6])
    if flags & 0x8000 or questions != 1:
        raise ValueError("not a question")
    labels, at = [], 12
    while (length := packet[at]) != 0:
        if length > 63 or at + length + 6 > len(packet):
            raise ValueError("bad name")
        labels.append(packet[at + 1 : at + 1 + length].decode("ascii", "replace").lower())
        at += length + 1
    return Question(identifier, flags, ".".join(labels), struct.unpack("!H", packet[at + 1 : at + 3])[0], at + 5)


def reply(packet: bytes, question: Question, records: list[Record], code: int = NO_ERROR) -> bytes:
    """An authoritative answer to `packet`, its question repeated."""
    flags = 0x8480 | question.flags & 0x0100 | code
    head = struct.pack("!HHHHHH", question.id, flags, 1, len(records), 0, 0)
    return head + packet[12 : question.end] + b"".join(map(_encode, records))


def _name(name: str) -> bytes:
    labels = [label.encode() for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _encode(record: Record) -> bytes:
    data = _data(record)
    return _name(record.name) + struct.pack("!HHIH", TYPES[record.type], 1, record.ttl, len(data)) + data


def _data(record: Record) -> bytes:
    match record.type:
        case "A":
            return socket.inet_aton(record.value)
        case "AAAA":
            return socket.inet_pton(socket.AF_INET6, record.value)
        case "TXT":
            text = record.value.strip('"').encode()
            return b"".join(bytes([len(text[i : i + 255])]) + text[i : i + 255] for i in range(0, len(text) or 1, 255))
        case "MX":
            preference, host = record.value.split()
            return struct.pack("!H", int(preference)) + _name(host)
        case "SRV":
            priority, weight, port, host = record.value.split()
            return struct.pack("!HHH", int(priority), int(weight), int(port)) + _name(host)
        case _:
            return _name(record.value)
