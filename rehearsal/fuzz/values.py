"""Odd values, and what random changes make of a tree of plain data."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

SCALARS: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 2**63, 10**30, 0.5, 1e308, float("nan"), float("inf"), "", " ", "a", "*", "**",
    "true", "null", "0", "-1", "1e9", "٣", "²", "½", "1_000", "0x10", "9" * 5000, "x" * 5000, "é", "e\u0301",
    "\u202e", "\ud800", "\U0001f600", "\x00", "\x85", "\u2028", "a\nb", "{", "}", "${", "${}", "${ }", "${!a}", "${a.}",
    "${.a}", "${A.B.C}", "${AWS::Nothing}", "{{resolve:ssm:}}", "{{resolve:ssm:a:b:c}}", "{{resolve:secretsmanager:}}",
    "{{resolve:ssm-secure:x:0}}", "arn:", "arn:aws", "arn:aws:iam::1:role/x", "arn:aws:s3:::", ":::::", "[", "(", "a{2",
    "(?<n>", "\\", "\\p{L}+", "[a-", "(a+)+$", "^abc|def)$", "[\\p{L}\\p{N} ]+", "*/5", "99999999999999999999", "1.1.1",
    "2010-09-09", "0000-00-00", "10.0.0.0/8", "10.0.0.0/99", "::/0", "AWS::NoValue", "AWS::Region", "Fn::If",
)  # fmt: skip
FUNCTIONS = (
    "Ref", "Condition", "Fn::And", "Fn::Base64", "Fn::Cidr", "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn",
    "Fn::Equals", "Fn::FindInMap", "Fn::ForEach::x", "Fn::GetAZs", "Fn::GetAtt", "Fn::If", "Fn::ImportValue", "Fn::Join",
    "Fn::Length", "Fn::Not", "Fn::Or", "Fn::RefAll", "Fn::Select", "Fn::Split", "Fn::Sub", "Fn::ToJsonString",
    "Fn::Transform", "Fn::ValueOf", "Fn::Nothing",
)  # fmt: skip
Path = tuple[Any, ...]


def value(random: Random, depth: int = 0) -> Any:
    """Anything: mostly scalars, now and then containers, functions and deep nests."""
    kind = random.random()
    if kind < 0.6 or depth > 3:
        return random.choice(SCALARS)
    if kind < 0.72:
        return [value(random, depth + 1) for _ in range(random.randrange(4))]
    if kind < 0.82:
        return {str(value(random, 9)): value(random, depth + 1) for _ in range(random.randrange(4))}
    if kind < 0.98:
        return {random.choice(FUNCTIONS): value(random, depth + 1)}
    nest: Any = "bottom"
    for _ in range(random.choice((5, 60, 400))):
        nest = random.choice(([nest], {"a": nest}, {"Fn::Join": ["", [nest]]}, {"Fn::Not": [nest]}))
    return nest


def places(tree: Any, path: Path = ()) -> list[Path]:
    """Every place of a tree, the root first."""
    found = [path]
    if len(path) > 60:
        return found
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, item in items:
        found += places(item, (*path, key))
    return found


def at(tree: Any, path: Path) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def put(tree: Any, path: Path, new: Any) -> Any:
    """The tree with another value at a place; the tree itself is changed where it can be."""
    if not path:
        return new
    at(tree, path[:-1])[path[-1]] = new
    return tree


def mutated(tree: Any, random: Random, words: tuple[Any, ...] = ()) -> Any:
    """The tree with one to four random changes; `words` are values that mean something to its reader."""
    tree = copy.deepcopy(tree)
    for _ in range(random.choice((1, 1, 1, 2, 3, 4))):
        path = random.choice(places(tree))
        there = at(tree, path)
        match random.randrange(8):
            case 0 | 1:
                new = random.choice(words) if words and random.random() < 0.4 else value(random)
                tree = put(tree, path, new)
            case 2:
                tree = put(tree, path, copy.deepcopy(at(tree, random.choice(places(tree)))))
            case 3:
                tree = put(
                    tree, path, random.choice(([there], {"a": there}, str(there), {random.choice(FUNCTIONS): there}))
                )
            case 4 if isinstance(there, (dict, list)) and there:
                del there[random.choice(list(there) if isinstance(there, dict) else range(len(there)))]
            case 5 if isinstance(there, dict):
                there[str(random.choice(words) if words else value(random, 9))] = value(random)
            case 6 if isinstance(there, list):
                there.insert(random.randrange(len(there) + 1), value(random))
            case 7 if isinstance(there, str) and there:
                spot = random.randrange(len(there))
                tree = put(tree, path, there[:spot] + str(random.choice(SCALARS))[:30] + there[spot:])
            case _:
                tree = put(tree, path, value(random))
    return tree
