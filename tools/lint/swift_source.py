"""What the rules need to know of a Swift file: its code without comments and texts, its texts, what it declares and
what it names."""

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

TYPES = {"struct", "class", "enum", "actor", "protocol", "typealias"}
VALUES = {"func", "let", "var", "case", "init", "macro"}
WORD = re.compile(r"`?[A-Za-z_]\w*`?|[{}()\[\],.:=<>]|->|\n|\S")


@dataclass(frozen=True)
class Declaration:
    """A name that a file gives to something."""

    name: str
    keyword: str
    line: int
    # The names of the types and extensions around it; empty at the top level.
    within: tuple[str, ...]
    in_extension: bool
    is_private: bool


@dataclass(frozen=True)
class Function:
    """A function or an initialiser and how many parameters it has."""

    name: str
    line: int
    parameters: int


@dataclass
class _Scope:
    kind: str  # "type", "extension" or "code"
    name: str


@dataclass
class _Scanner:
    """Splits Swift text into code and texts. Interpolations are code."""

    text: str
    code: list[str] = field(default_factory=list)
    literals: list[tuple[int, str]] = field(default_factory=list)
    position: int = 0

    def scan(self):
        self._code(until=None)
        return "".join(self.code), self.literals

    def _blank(self, count):
        piece = self.text[self.position : self.position + count]
        self.code.append("".join(c if c == "\n" else " " for c in piece))
        self.position += count

    def _code(self, until):
        depth = 0
        while self.position < len(self.text):
            rest = self.text[self.position : self.position + 2]
            opening = re.compile(r'(#*)("""|")').match(self.text, self.position)
            if rest == "//":
                end = self.text.find("\n", self.position)
                self._blank((len(self.text) if end < 0 else end) - self.position)
            elif rest == "/*":
                self._comment()
            elif opening:
                self._literal(opening.group(1), opening.group(2))
            else:
                character = self.text[self.position]
                if until and character == ")" and depth == 0:
                    return
                depth += (character == "(") - (character == ")")
                self.code.append(character)
                self.position += 1

    def _comment(self):
        depth = 0
        while self.position < len(self.text):
            rest = self.text[self.position : self.position + 2]
            depth += (rest == "/*") - (rest == "*/")
            self._blank(2 if rest in ("/*", "*/") else 1)
            if depth == 0:
                return

    def _literal(self, hashes, quote):
        line = self.text.count("\n", 0, self.position) + 1
        self._blank(len(hashes + quote))
        content = []
        while self.position < len(self.text):
            if self.text.startswith(quote + hashes, self.position):
                self._blank(len(quote + hashes))
                break
            if self.text.startswith("\\" + hashes + "(", self.position):
                self._blank(len(hashes) + 1)
                content.append("\\()")
                self.code.append(" (")
                self.position += 1
                self._code(until=")")
                self.code.append(")")
                self.position += 1
            elif self.text.startswith("\\" + hashes, self.position):
                content.append(self.text[self.position : self.position + len(hashes) + 2])
                self._blank(len(hashes) + 2)
            else:
                content.append(self.text[self.position])
                self._blank(1)
        self.literals.append((line, "".join(content)))


class SwiftSource:
    """One Swift file."""

    def __init__(self, path: Path, text: str | None = None):
        self.path = path
        self.text = path.read_text() if text is None else text
        self.code, self.literals = _Scanner(self.text).scan()

    @property
    def lines(self):
        return self.text.splitlines()

    @cached_property
    def imports(self):
        """The modules that are imported, with the line."""
        pattern = re.compile(r"^\s*(?:@\w+\s+)*(?:public |internal |package |private |fileprivate )?import\s+(\w+)")
        found = ((number, pattern.match(line)) for number, line in enumerate(self.code.splitlines(), 1))
        return [(match.group(1), number) for number, match in found if match]

    @cached_property
    def _tokens(self):
        tokens, line = [], 1
        for match in WORD.finditer(self.code):
            if match.group() == "\n":
                line += 1
            else:
                tokens.append((match.group().strip("`"), line))
        return tokens

    @cached_property
    def declarations(self):
        """Everything that is declared outside of function bodies."""
        found, scopes, pending = [], [_Scope("top", "")], None
        modifiers, parentheses, cases = set(), 0, False
        tokens = self._tokens
        for index, (token, line) in enumerate(tokens):
            before = tokens[index - 1][0] if index else ""
            following = tokens[index + 1][0] if index + 1 < len(tokens) else ""
            parentheses += (token in "([") - (token in ")]")
            if token == "{":
                scopes.append(pending or _Scope("code", ""))
                pending, modifiers, cases = None, set(), False
            elif token == "}":
                if len(scopes) > 1:
                    scopes.pop()
                pending, modifiers, cases = None, set(), False
            elif token in ("private", "fileprivate"):
                # `private(set)` leaves the getter open.
                modifiers |= set() if following == "(" else {"private"}
            elif scopes[-1].kind == "code" or parentheses or before in (".", "import"):
                continue
            elif token == "extension":
                pending, modifiers, cases = _Scope("extension", following), set(), False
            elif token in TYPES | VALUES and not (token == "class" and following in ("func", "var")):
                name = "init" if token == "init" else following
                found.append(self._declaration(name, token, line, scopes, "private" in modifiers))
                if token in TYPES - {"typealias"}:
                    pending = _Scope("type", following)
                elif token in ("func", "init"):
                    pending = _Scope("code", "")
                cases, modifiers = token == "case", set()
            elif token == "," and cases and re.match(r"[a-z_]", following):
                found.append(self._declaration(following, "case", line, scopes, False))
        return found

    @staticmethod
    def _declaration(name, keyword, line, scopes, is_private):
        within = tuple(scope.name for scope in scopes[1:])
        in_extension = any(scope.kind == "extension" for scope in scopes)
        return Declaration(name, keyword, line, within, in_extension, is_private)

    @cached_property
    def names(self):
        """Every name in the code: (name, what stands before the dot in front of it or None, line, whether a dot is in
        front)."""
        tokens, found = self._tokens, []
        for index, (token, line) in enumerate(tokens):
            if not re.match(r"[A-Za-z_]", token):
                continue
            dotted = index > 0 and tokens[index - 1][0] == "."
            owner = tokens[index - 2][0] if dotted and index > 1 else None
            found.append((token, owner, line, dotted))
        return found

    @cached_property
    def functions(self):
        """Every function and initialiser, wherever it is declared."""
        found, tokens = [], self._tokens
        for index, (token, line) in enumerate(tokens):
            before = tokens[index - 1][0] if index else ""
            if token not in ("func", "init") or before == ".":
                continue
            start = index + 1
            while start < len(tokens) and tokens[start][0] not in "({":
                start += 1
            if start >= len(tokens) or tokens[start][0] != "(":
                continue
            depth, angle, count = 0, 0, 0
            for inner, _ in tokens[start:]:
                angle += (inner == "<") - (inner == ">")
                depth += (inner in "([{") - (inner in ")]}")
                if depth == 0:
                    break
                # A parameter's name ends in a colon at the first level.
                count += inner == ":" and depth == 1 and angle == 0
            found.append(Function("init" if token == "init" else tokens[index + 1][0], line, count))
        return found


@lru_cache
def sources(folder: Path):
    """Every Swift file below a folder, in order of its path."""
    return [SwiftSource(path) for path in sorted(folder.rglob("*.swift"))]
