"""Reads an expression of Java or ECMA and writes it anew for the `regex` module."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from rehearsal.patterns import classes
from rehearsal.patterns.source import PatternError, Source, literal

__all__ = ["PatternError", "translated"]

_TERMINATORS = {"java": r"\n\r\x85\u2028\u2029", "ecma": r"\n\r\u2028\u2029"}
_QUANTIFIER = regex.compile(r"\{(\d+)(?:(,)(\d*))?\}")
_MOST = 2**31 - 1


def translated(pattern: str, dialect: str) -> str:
    """@raises PatternError."""
    reader = _Reader(Source(pattern, dialect), dialect)
    text = reader.alternatives("")
    if reader.source.more:
        raise reader.source.error("Unmatched closing ')'")
    return text


@dataclass
class _Reader:
    source: Source
    dialect: str
    groups: int = 0
    names: tuple[str, ...] = ()
    depth: int = 0

    def alternatives(self, flags: str) -> str:
        """Up to the group's end. Flags set on the way hold for the alternatives that follow, too."""
        self.depth += 1
        if self.depth > 150:
            raise self.source.error("too deep a nest of groups")
        done: list[str] = []
        branch: list[str] = []
        while self.source.more and self.source.next != ")":
            if self.source.take("|"):
                done.append("".join(branch))
                branch = []
                continue
            changed = self.switch(flags)
            if changed is not None:
                flags = changed
                continue
            self.source.skip_comments("x" in flags)
            if self.source.more and self.source.next not in ")|":
                branch.append(self.repeated(flags))
        self.depth -= 1
        return "|".join([*done, "".join(branch)])

    def switch(self, flags: str) -> str | None:
        """(?i) and its like, without a body: the flags from here on."""
        found = self.source.match(r"\(\?([idmsuxU]*)(?:-([idmsuxU]*))?\)")
        if found is None or self.dialect == "ecma":
            if found is not None:
                raise self.source.error("Invalid group")
            return None
        self.source.skip(found.end() - found.start())
        return _changed(flags, found[1], found[2] or "")

    def repeated(self, flags: str) -> str:
        atom = self.atom(flags)
        # Java folds the case of ASCII alone, unless told otherwise. That a set folds its other letters, too, is kinder.
        folds = "i" in flags and ("u" in flags or not atom.startswith("\\U") or int(atom[2:], 16) < 128)
        times = self.times(flags)
        if times is not None:
            atom = f"(?:{atom}){times}"
        return f"(?i:{atom})" if folds else atom

    def times(self, flags: str) -> str | None:
        """A quantifier, if one stands here."""
        self.source.skip_comments("x" in flags)
        if not self.source.more:
            return None
        mark = self.source.next
        if mark in "*+?":
            self.source.skip()
        else:
            found = self.source.match(_QUANTIFIER.pattern)
            if found is None:
                if mark == "{" and self.dialect == "java":
                    raise self.source.error("Illegal repetition")
                return None
            self.source.skip(len(found[0]))
            low, high = int(found[1][:12]), int((found[3] or found[1])[:12])
            if low > _MOST or high > _MOST or (found[3] and low > high):
                raise self.source.error("Illegal repetition range")
            mark = found[0]
        if self.source.take("?"):
            return mark + "?"
        return mark + "+" if self.dialect == "java" and self.source.take("+") else mark

    def atom(self, flags: str) -> str:
        plain = self.source.next == "quoted"
        char = self.source.read()
        if plain:
            return literal(char)
        match char:
            case "(":
                return self.group(flags)
            case "[":
                return self.source.character_class("x" in flags)
            case "\\":
                return self.escape()
            case ".":
                return classes.ANY if "s" in flags else classes.none_of(self.terminators(flags))
            case "^":
                return rf"(?:\A|(?<=[{self.terminators(flags)}])(?!\Z))" if "m" in flags else r"\A"
            case "$":
                return self.end(flags)
            case "*" | "+" | "?":
                raise self.source.error(f"Dangling meta character '{char}'")
            case "{" if self.dialect == "java":
                # A repetition of nothing, if it is one at all: what follows tells.
                self.source.skip(-1)
                return "(?:)"
        return literal(char)

    def terminators(self, flags: str) -> str:
        return r"\n" if "d" in flags else _TERMINATORS[self.dialect]

    def end(self, flags: str) -> str:
        if "m" in flags:
            return rf"(?=[{self.terminators(flags)}]|\Z)"
        if self.dialect == "ecma":
            return r"\Z"
        return r"(?=\n?\Z)" if "d" in flags else r"(?=\r\n\Z|(?<!\r)\n\Z|[\r\x85\u2028\u2029]?\Z)"

    def group(self, flags: str) -> str:
        opening, inner = "(", flags
        if not self.source.take("?"):
            self.groups += 1
        elif found := self.source.match(r"(?:[:>=!]|<[=!])"):
            if self.dialect == "ecma" and found[0] == ">":
                raise self.source.error("Invalid group")
            self.source.skip(len(found[0]))
            opening = f"(?{found[0]}"
        elif found := self.source.match(
            r"<([a-zA-Z][a-zA-Z0-9]*)>" if self.dialect == "java" else r"<([\p{L}_$][\w$]*)>"
        ):
            self.source.skip(len(found[0]))
            self.groups += 1
            if found[1] in self.names:
                raise self.source.error(f"Named capturing group <{found[1]}> is already defined")
            self.names = (*self.names, found[1])
            opening = f"(?P<{found[1]}>" if found[1].isascii() and "$" not in found[1] else "("
        elif self.dialect == "java" and (found := self.source.match(r"([idmsuxU]*)(?:-([idmsuxU]*))?:")):
            self.source.skip(len(found[0]))
            opening, inner = "(?:", _changed(flags, found[1], found[2] or "")
        else:
            raise self.source.error("Unknown inline modifier" if self.dialect == "java" else "Invalid group")
        body = self.alternatives(inner)
        if not self.source.take(")"):
            raise self.source.error("Unclosed group")
        return f"{opening}{body})"

    def escape(self) -> str:
        """What stands behind a backslash, outside of a class."""
        number = self.source.match(r"[1-9]\d*" if self.dialect == "ecma" else r"[1-9]")
        if number is not None:
            return self.back_reference(number[0])
        if named := self.source.match(r"k<([^>]+)>"):
            self.source.skip(len(named[0]))
            if named[1] not in self.names:
                raise self.source.error(f"named capturing group <{named[1]}> does not exist")
            return f"(?P={named[1]})"
        simple = {"b": r"\b", "B": r"\B"}
        if self.dialect == "java":
            simple |= {"A": r"\A", "G": r"\A", "z": r"\Z", "Z": self.end(""), "X": r"\X"}
            simple |= {"R": r"(?:\r\n|[\n\x0B\f\r\x85\u2028\u2029])"}
            if self.source.match(r"b\{g\}"):
                self.source.skip(4)
                return r"(?=\X|\Z)"
        if self.source.more and self.source.next in simple:
            return simple[self.source.read()]
        return self.source.escaped()

    def back_reference(self, digits: str) -> str:
        self.source.skip(len(digits))
        while self.dialect == "java" and self.source.more and self.source.next in "0123456789":
            longer = digits + self.source.next
            if int(longer) > self.groups:
                break
            digits = longer
            self.source.skip()
        # A group that is not there yet has matched nothing: Java fails, ECMA takes it for an empty text.
        number = int(digits)
        if self.dialect == "java":
            return rf"(?:\g<{number}>)" if number <= self.groups else classes.NONE
        return rf"(?({number})\g<{number}>|)" if number <= self.groups else ""


def _changed(flags: str, on: str, off: str) -> str:
    return "".join(sorted((set(flags) | set(on)) - set(off)))
