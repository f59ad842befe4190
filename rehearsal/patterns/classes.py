"""Sets of characters: each is written as an expression that matches exactly one character."""

from __future__ import annotations

import regex

ANY = "(?s:.)"
NONE = "(?!)"
ASCII = {
    "d": "0-9",
    "s": r" \t\n\x0B\f\r",
    "w": "a-zA-Z_0-9",
    "h": r" \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000",
    "v": r"\n\x0B\f\r\x85\u2028\u2029",
}
# https://tc39.es/ecma262/#sec-white-space and line terminators
ECMA_SPACE = r"\t\n\x0B\f\r \xA0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7F",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1F\x7F",
    "XDigit": "0-9a-fA-F",
    "Space": r" \t\n\x0B\f\r",
    "L1": r"\x00-\xFF",
    "all": r"\x00-\U0010FFFF",
}
# General categories: one letter, or one of these with one behind it.
_CATEGORIES = {
    first + second
    for first, seconds in {
        "L": ("", "u", "l", "t", "m", "o", "C"), "M": ("", "n", "c", "e"), "N": ("", "d", "l", "o"),
        "P": ("", "c", "d", "s", "e", "i", "f", "o"), "S": ("", "m", "c", "k", "o"), "Z": ("", "s", "l", "p"),
        "C": ("", "c", "f", "s", "o", "n"),
    }.items()
    for second in seconds
}  # fmt: skip
_JAVA = {
    "LowerCase": r"\p{Lowercase}",
    "UpperCase": r"\p{Uppercase}",
    "TitleCase": r"\p{Lt}",
    "Alphabetic": r"\p{Alphabetic}",
    "Ideographic": r"\p{Ideographic}",
    "Digit": r"\p{Nd}",
    "Letter": r"\p{L}",
    "LetterOrDigit": r"\p{L}\p{Nd}",
    "Defined": r"\P{Cn}",
    "SpaceChar": r"\p{Z}",
    "Whitespace": r"\x09-\x0D\x1C-\x20\u1680\u2000-\u2006\u2008-\u200A\u2028\u2029\u205F\u3000",
    "ISOControl": r"\x00-\x1F\x7F-\x9F",
    "Mirrored": r"\p{Bidi_Mirrored}",
    "JavaIdentifierStart": r"\p{L}\p{Nl}\p{Sc}\p{Pc}",
    "JavaIdentifierPart": r"\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mn}\p{Mc}",
    "UnicodeIdentifierStart": r"\p{ID_Start}",
    "UnicodeIdentifierPart": r"\p{ID_Continue}",
}


def one_of(inside: str) -> str:
    return f"[{inside}]"


def none_of(inside: str) -> str:
    return f"[^{inside}]"


def negated(expression: str) -> str:
    inside = _inside(expression)
    return none_of(inside) if inside is not None else f"(?:(?!{expression}){ANY})"


def union(parts: list[str]) -> str:
    insides = [_inside(part) for part in parts]
    if all(insides):
        return one_of("".join(inside or "" for inside in insides))
    return f"(?:{'|'.join(parts)})"


def intersection(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return "(?:" + "".join(f"(?={part})" for part in parts[:-1]) + parts[-1] + ")"


def _inside(expression: str) -> str | None:
    """What stands in the brackets of a plain set, or a character by itself; None for anything else."""
    if expression.startswith("["):
        return None if expression.startswith("[^") else expression[1:-1]
    return expression if expression.startswith("\\U") else None


def property_of(name: str, dialect: str) -> str | None:
    """The inside of a set for \\p{name}; None if there is no such property."""
    if dialect == "java":
        if name in _POSIX:
            return _POSIX[name]
        if name.startswith("java"):
            return _JAVA.get(name[4:])
    if name in _CATEGORIES:
        return rf"\p{{gc={name}}}" if name != "LC" else r"\p{Lu}\p{Ll}\p{Lt}"
    key, equals, value = name.partition("=")
    if equals:
        kinds = {"sc": "sc", "script": "sc", "Script": "sc", "blk": "blk", "block": "blk", "gc": "gc"}
        kinds |= {"general_category": "gc", "General_Category": "gc", "scx": "sc", "Script_Extensions": "sc"}
        return _known(f"{kinds[key]}={value}") if key in kinds else None
    if dialect == "ecma":
        return _known(name)
    if name.startswith("In"):
        return _known(f"blk={name[2:]}")
    if name.startswith("Is"):
        rest = name[2:]
        return rf"\p{{gc={rest}}}" if rest in _CATEGORIES and rest != "LC" else _known(f"sc={rest}") or _known(rest)
    return None


def _known(text: str) -> str | None:
    if not regex.fullmatch(r"[A-Za-z0-9_ =-]+", text):
        return None
    try:
        regex.compile(rf"\p{{{text}}}")
    except regex.error:
        return None
    return rf"\p{{{text}}}"
