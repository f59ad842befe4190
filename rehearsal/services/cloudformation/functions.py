"""Intrinsic functions on arguments that are already resolved and known.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

import base64
import ipaddress
import json
from typing import Any

from rehearsal.services.cloudformation.errors import invalid


def text_of(value: Any) -> str:
    """A scalar as CloudFormation writes it into text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def whole(value: Any) -> int | None:
    """A whole number of nine digits at most, as a number or as text; None for anything else."""
    text = text_of(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def join(arguments: list[Any]) -> str:
    delimiter, parts = arguments if len(arguments) == 2 else ("", None)
    if not isinstance(delimiter, str) or not isinstance(parts, list) or not all(is_scalar(part) for part in parts):
        raise invalid(
            "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
            "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."
        )
    return delimiter.join(text_of(part) for part in parts)


def split(arguments: list[Any]) -> list[str]:
    delimiter, text = arguments if len(arguments) == 2 else ("", None)
    if not isinstance(delimiter, str) or not delimiter or not isinstance(text, str):
        raise invalid(
            "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string "
            "to be split or a function that returns a string to be split."
        )
    return text.split(delimiter)


def select(arguments: list[Any]) -> Any:
    index, values = arguments if len(arguments) == 2 else ("", None)
    place = whole(index)
    if not isinstance(values, list) or place is None:
        raise invalid(
            "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
        )
    if place >= len(values):
        raise invalid(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
    return values[place]


def encode(value: Any) -> str:
    if not is_scalar(value):
        raise invalid("Template error: every Fn::Base64 object must have a String-typed value.")
    return base64.b64encode(text_of(value).encode(errors="replace")).decode()


def cidr(arguments: list[Any]) -> list[str]:
    """Blocks of a network: how many, and how many host bits each has (8 if not said)."""
    if len(arguments) not in (2, 3):
        raise invalid("Template error: every Fn::Cidr object requires two or three parameters")
    count, bits = whole(arguments[1]), whole(arguments[2]) if len(arguments) == 3 else 8
    if count is None or bits is None:
        raise invalid("Template error: every Fn::Cidr object requires a count and cidrBits that are integers")
    try:
        network = ipaddress.ip_network(text_of(arguments[0]))
        subnets = network.subnets(new_prefix=network.max_prefixlen - bits)
        result = [str(subnet) for subnet, _ in zip(subnets, range(count), strict=False)]
    except ValueError as error:
        raise invalid(f"Template error: Fn::Cidr: {error}") from error
    if len(result) < count or not 1 <= count <= 256:
        raise invalid(f"Template error: Fn::Cidr cannot make {count} blocks of {bits} bits from {arguments[0]}")
    return result


def length(value: Any) -> int:
    if not isinstance(value, list):
        raise invalid("Template error: Fn::Length needs a list")
    return len(value)


def to_json(value: Any) -> str:
    if not isinstance(value, (dict, list)):
        raise invalid("Template error: Fn::ToJsonString needs an object or an array")
    return json.dumps(value, separators=(",", ":"))
