"""An expression's text, read from left to right: characters, escapes, classes."""

from __future__ import annotations

import unicodedata

import regex

from rehearsal.patterns import classes


class PatternError(ValueError):
    """What is wrong with an expression, and where."""


def literal(char: str) -> str:
    return rf"\U{ord(char):08X}"


_SIMPLE = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b", "v": "\v"}


class Source:
    def __init__(self, text: str, dialect: str) -> None:
        self.text, self.dialect, self.at, self.depth = text, dialect, 0, 0
        # What \Q and \E quote: positions of characters that mean only themselves.
        self.quoted: set[int] = set()
        if dialect == "java":
            self._unquote()

    def _unquote(self) -> None:
        kept: list[str] = []
        at = 0
        while at < len(self.text):
            if self.text.startswith("\\Q", at):
                end = self.text.find("\\E", at + 2)
                inside = self.text[at + 2 : end if end >= 0 else None]
                self.quoted |= set(range(len(kept), len(kept) + len(inside)))
                kept += inside
                at = end + 2 if end >= 0 else len(self.text)
            elif self.text[at] == "\\" and at + 1 < len(self.text):
                kept += self.text[at : at + 2]
                at += 2
            else:
                kept.append(self.text[at])
                at += 1
        self.text = "".join(kept)

    @property
    def more(self) -> bool:
        return self.at < len(self.text)

    @property
    def next(self) -> str:
        """The next character; for a quoted one a word that is no mark of any kind."""
        return "quoted" if self.at in self.quoted else self.text[self.at]

    def read(self) -> str:
        """The next character as it is; look at `next` before, where it could be a quoted one."""
        char = self.text[self.at]
        self.at += 1
        return char

    def skip(self, count: int = 1) -> None:
        self.at += count

    def take(self, mark: str) -> bool:
        if self.more and self.next == mark:
            self.at += 1
            return True
        return False

    def match(self, pattern: str) -> regex.Match[str] | None:
        found = regex.compile(pattern).match(self.text, self.at)
        return None if found is None or self.quoted & set(range(found.start(), found.end())) else found

    def skip_comments(self, on: bool) -> None:
        while on and self.more and (self.next in " \t\n\x0b\f\r" or self.next == "#"):
            if self.next == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                self.at += 1

    def error(self, what: str) -> PatternError:
        return PatternError(f"{what} near index {min(self.at, len(self.text))}")

    def escaped(self) -> str:
        """Behind a backslash: an expression for one character."""
        value = self._escape()
        return value if len(value) > 1 and not value.startswith("char:") else literal(value.removeprefix("char:"))

    def _escape(self) -> str:
        """An expression for a set, or `char:` and the character."""
        if not self.more:
            raise self.error("Unexpected internal error" if self.dialect == "java" else "\\ at end of pattern")
        char = self.text[self.at]
        self.at += 1
        if char in "dDsSwW" or (char in "hHvV" and self.dialect == "java"):
            inside = classes.ECMA_SPACE if char in "sS" and self.dialect == "ecma" else classes.ASCII[char.lower()]
            return classes.one_of(inside) if char.islower() else classes.none_of(inside)
        if char in "pP":
            return self._property(char == "P")
        if char == "v" or (char in "ae" and self.dialect == "ecma"):
            return "char:\v" if char == "v" else self._strange(char)
        if char in _SIMPLE:
            return f"char:{_SIMPLE[char]}"
        coded = self._coded(char)
        if coded is not None:
            return f"char:{coded}"
        if char.isascii() and char.isalpha():
            return self._strange(char)
        if char.isdigit() and char.isascii():
            return self._strange(char)
        return f"char:{char}"

    def _strange(self, char: str) -> str:
        raise self.error(f"Illegal/unsupported escape sequence \\{char}")

    def _coded(self, char: str) -> str | None:
        """A character by its number, its name or as a control."""
        java = self.dialect == "java"
        forms = {
            "x": r"([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\}" if java else r"([0-9a-fA-F]{2})",
            "u": r"([0-9a-fA-F]{4})" if java else r"([0-9a-fA-F]{4})|\{([0-9a-fA-F]+)\}",
            "0": r"([0-3][0-7]{2}|[0-7]{1,2})" if java else r"(?!\d)()",
        }
        if char in forms:
            found = self.match(forms[char])
            if found is None:
                raise self.error(f"Illegal/unsupported escape sequence \\{char}")
            self.skip(len(found[0]))
            digits = next((group for group in found.groups() if group), "0")
            number = int(digits[:9], 8 if char == "0" and java else 16)
            if number > 0x10FFFF:
                raise self.error("Hexadecimal codepoint is too big")
            return self._paired(number) if char == "u" else chr(number)
        if char == "c":
            if not self.more or (not java and not self.text[self.at].isalpha()):
                raise self.error("Illegal control escape sequence")
            self.at += 1
            return chr(ord(self.text[self.at - 1]) ^ 64 if java else ord(self.text[self.at - 1]) % 32)
        if char == "N" and java:
            return self._named()
        return None

    def _paired(self, number: int) -> str:
        """Two \\u that make one character."""
        low = self.match(r"\\u([dD][c-fC-F][0-9a-fA-F]{2})") if 0xD800 <= number < 0xDC00 else None
        if low is None:
            return chr(number)
        self.skip(len(low[0]))
        return chr(0x10000 + ((number - 0xD800) << 10) + int(low[1], 16) - 0xDC00)

    def _named(self) -> str:
        found = self.match(r"\{([^}]*)\}")
        if found is None:
            raise self.error("Illegal character name escape sequence")
        self.skip(len(found[0]))
        try:
            return unicodedata.lookup(found[1])
        except KeyError as error:
            raise self.error(f"Unknown character name [{found[1]}]") from error

    def _property(self, negative: bool) -> str:
        found = self.match(r"\{([^}]*)\}" if self.dialect == "ecma" else r"\{([^}]*)\}|([^{])")
        if found is None:
            raise self.error("Unclosed character family")
        self.skip(len(found[0]))
        name = found[1] if found[1] is not None else found[2]
        inside = classes.property_of(name, self.dialect)
        if inside is None:
            raise self.error(f"Unknown character property name {{{name}}}")
        return classes.none_of(inside) if negative else classes.one_of(inside)

    def character_class(self, comments: bool) -> str:
        """Behind the opening bracket, up to the closing one."""
        self.depth += 1
        if self.depth > 50:
            raise self.error("too deep a nest of classes")
        negative = self.take("^")
        sides: list[list[str]] = [[]]
        first = True
        while True:
            self.skip_comments(comments)
            if not self.more:
                raise self.error("Unclosed character class")
            if self.next == "]" and not (first and self.dialect == "java"):
                self.at += 1
                break
            if self.dialect == "java" and self.match("&&"):
                self.at += 2
                sides.append([])
            elif self.dialect == "java" and self.take("["):
                sides[-1].append(self.character_class(comments))
            else:
                sides[-1].append(self._member(comments))
            first = False
        self.depth -= 1
        whole = classes.intersection([classes.union(side) for side in sides if side] or [classes.NONE])
        return classes.negated(whole) if negative else whole

    def _member(self, comments: bool) -> str:
        """One character, set or range of a class."""
        start = self._single()
        self.skip_comments(comments)
        if not start.startswith("char:") or not self.match(r"-(?![\]])") or self.match(r"-\[|-&&"):
            return literal(start.removeprefix("char:")) if start.startswith("char:") else start
        self.at += 1
        self.skip_comments(comments)
        end = self._single()
        low, high = start.removeprefix("char:"), end.removeprefix("char:")
        if not end.startswith("char:"):
            if self.dialect == "java":
                raise self.error("Illegal character range")
            # A set cannot end a range: the hyphen is one more member.
            return classes.union([literal(low), literal("-"), end])
        if ord(low) > ord(high):
            raise self.error("Illegal character range")
        return f"[{literal(low)}-{literal(high)}]"

    def _single(self) -> str:
        if not self.more:
            raise self.error("Unclosed character class")
        char = self.text[self.at]
        quoted = self.at in self.quoted
        self.at += 1
        if char != "\\" or quoted:
            return f"char:{char}"
        if self.dialect == "ecma" and self.take("b"):
            return "char:\b"
        return self._escape()
