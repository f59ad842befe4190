"""A tree as a text that a reader of JSON or YAML is given, sound or damaged."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import yaml

PIECES = (
    "&a ", "*a", "*b", "<<: *a\n", "<<: {}\n", "<<: [1]\n", "!!binary aGk=", "!!binary x", "!!set {a, b}", "!!timestamp 1",
    "!!int x", "!!float y", "!!python/object:os.system", "!Ref", "!Ref a", "!Ref [a]", "!GetAtt a", "!GetAtt [a]", "!Sub",
    "!Sub [a]", "!Select [9, []]", "!If [a]", "!Equals [a]", "!Nothing x", "!", "!!", "!<tag> x", ".nan", ".inf", "0o17",
    "0x1F", "1:30", "12:30:45", "2026-02-30", "2026-11-30 25:00:00", "~", "yes", "no", "? [a]\n: b\n", "? {a: b}\n: c\n",
    "- a\n", "---\n", "...\n", "%YAML 9.9\n", "%TAG ! x\n", "|", ">", ">-\n", "\t", "\r\n", "\x00", "\ufeff", "\u0085",
    "#", ": ", ",", "[", "]", "{", "}", '"', "'", "\\u12", "\\ud800", "NaN", "Infinity", "-", "@", "`", "=",
)  # fmt: skip


def written(tree: Any, random: Random) -> str:
    """As JSON or YAML; one in three texts is damaged."""
    text = as_json(tree) if random.random() < 0.5 else as_yaml(tree)
    return damaged(text, random) if random.random() < 0.34 else text


def as_json(tree: Any) -> str:
    try:
        return json.dumps(tree, indent=1)
    except RecursionError:
        return "[" * 5000


def as_yaml(tree: Any) -> str:
    try:
        return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)
    except (RecursionError, yaml.YAMLError):
        return as_json(tree)


def damaged(text: str, random: Random) -> str:
    for _ in range(random.choice((1, 1, 2, 4))):
        spot = random.randrange(len(text) + 1)
        match random.randrange(5):
            case 0 | 1:
                text = text[:spot] + random.choice(PIECES) + text[spot:]
            case 2:
                text = text[:spot] + text[spot + random.randrange(1, 30) :]
            case 3:
                lines = text.splitlines(keepends=True) or [""]
                line = random.randrange(len(lines))
                text = "".join([*lines[: line + 1], random.choice(lines), *lines[line + 1 :]])
            case _:
                lines = text.splitlines(keepends=True) or [""]
                line = random.randrange(len(lines))
                key, colon, _ = lines[line].partition(":")
                lines[line] = f"{key}{colon} {random.choice(PIECES)}\n"
                text = "".join(lines)
    return text
