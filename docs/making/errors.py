"""``docs/reference/errors.md``: the families of errors, an example of each, and every message that the code can give.

A message is read where it is written in the code; what it names is only known when it is given, and shows as `…`. Read are
the calls of what makes an error: a class, ``shape`` for GraphQL's answers, and every function or method that returns an error.
A call that gives no words is an error of the document itself, see ``wordless``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from docs.making.markdown import code, document, fence, plain, table
from docs.making.samples import SAMPLES
from simulator.errors import ExpectationError, PlatformError, ScopeSimulatorError, UsageError

__all__ = ["Message", "make", "messages", "wordless"]

INTRODUCTION = """\
Whatever the simulator raises on purpose is a `ScopeSimulatorError`. There are three families, by who must act. In Python
`from simulator import UsageError` and so on gives the public ones. Any other exception is a mistake of ours.
"""

WHO = (
    (
        UsageError,
        "whoever runs the simulator",
        "exit code 2, a message and no traceback",
        "4xx problem details",
    ),
    (PlatformError, "the client of the vendor's API", "an answer to the client", "not used there"),
    (ExpectationError, "the receiver's developer", "exit code 1, a failed test", "408 problem details"),
)

AREAS = {
    "cli": "Command line",
    "settings": "Settings",
    "script": "Scripts",
    "expect": "Expectations",
    "world": "World",
    "engine": "World",
    "control": "Control API and handles",
    "core": "Control API and handles",
    "client": "Control API and handles",
    "server": "Control API and handles",
    "pytest_plugin": "Control API and handles",
    "store": "A file that remembers",
    "auth": "Answers to the client",
    "rest": "Answers to the client",
    "routes": "Answers to the client",
    "graphql": "Answers to the client",
}
"""The heading for each part of the package; all others stand under the last."""

OTHERS = "Everywhere"

BESIDES = {
    "Problem": "ContractError",
    "LimitError": "GraphQLError",
    "GraphQLError": "GraphQLError",
    "shape": "GraphQLError",
    "ValueError": "ValueError",
    "_RefusedError": "ValueError",
}
"""What makes an error beside the classes of our own, and what is said to make it. A ValueError's words are part of other
messages."""

HANDED_ON = frozenset(
    {"problem", "problems", "message", "text", "detail", "error", "run", "plain", "verdicts"}
)
"""What holds the words of another error, as a name or as an attribute: who makes an error of these words it not himself."""


class Table(NamedTuple):
    """A table in the code whose rows of so many texts are messages: which column holds what."""

    family: str
    width: int
    problem: int
    expected: int | None = None
    remedy: int | None = None


TABLES = {
    "_REWRITES": Table("GraphQLError", 2, problem=1),
    "_WORDINGS": Table("UsageError", 3, problem=1, remedy=2),
    "_LIMITS": Table("ContractError", 2, problem=0, expected=1),
}
"""The tables of messages, by name."""


class Message(NamedTuple):
    """One place in the code that makes an error, in words."""

    part: str
    family: str
    problem: str
    expected: str
    remedy: str


def make(root: Path) -> str:
    """Return the document."""
    found = messages(root)
    headings = [*dict.fromkeys(AREAS.values()), OTHERS]
    return document(
        "Errors",
        "the error classes and the places that raise them",
        INTRODUCTION,
        table(
            ["family", "who must act", "on the command line and in pytest", "in the control API"],
            ((code(kind.__name__), *rest) for kind, *rest in WHO),
        ),
        "## Classes\n",
        *(_class(kind) for kind in SAMPLES),
        "## Messages\n\n`…` stands for what is only known when the message is given. What is made by `GraphQLError` stands "
        "in the `errors` of an answer; the words of a `ValueError` are part of another message.\n",
        *(
            _area(heading, [one for one in found if AREAS.get(one.part, OTHERS) == heading])
            for heading in headings
        ),
    )


def messages(root: Path) -> list[Message]:
    """Return every message that is worded where the error is made, each once."""
    return sorted({one for _, found in _made(root) for one in found if one.problem != "…"})


def wordless(root: Path) -> list[str]:
    """Return where an error is made whose words this document does not find, as ``file:line``.

    Whoever hands on the words of another error, or of its own caller, is not meant.
    """
    return sorted(place for place, found in _made(root) if not found)


class Maker(NamedTuple):
    """What makes an error: a class, or a function with these parameters and its own words where none are given."""

    family: str
    parameters: tuple[str, ...] = ()
    problem: str = ""


_Made = Iterator[tuple[str, list[Message]]]


def _made(root: Path) -> _Made:
    """Yield each place where an error is made with the messages that it has."""
    sources = {
        path.relative_to(root / "simulator"): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(root.glob("simulator/**/*.py"))
    }
    makers = {kind.__name__: Maker(kind.__name__) for kind in SAMPLES}
    makers |= {name: Maker(family) for name, family in BESIDES.items()}
    functions = {file: dict(_functions(tree, makers)) for file, tree in sources.items()}
    everywhere = makers | {
        name: maker
        for own in functions.values()
        for name, maker in own.items()
        if not name.startswith(("_", "self."))
    }
    for file, tree in sources.items():
        reader = _Reader(file.with_suffix("").parts[0], everywhere | functions[file])
        reader.visit(tree)
        for line, found in reader.found:
            yield f"simulator/{file.as_posix()}:{line}", found


def _functions(tree: ast.Module, makers: Mapping[str, Maker]) -> Iterator[tuple[str, Maker]]:
    """Yield the functions and methods that return an error, since their callers word it."""
    for node in ast.walk(tree):
        returns = node.returns if isinstance(node, ast.FunctionDef) else None
        if isinstance(node, ast.FunctionDef) and isinstance(returns, ast.Name) and returns.id in makers:
            reader = _Reader("", makers)
            reader.visit(node)
            own = [one.problem for _, found in reader.found for one in found]
            parameters = tuple(one.arg for one in node.args.args)
            method = parameters[:1] == ("self",)
            maker = Maker(makers[returns.id].family, parameters[method:], own[0] if own else "")
            yield f"self.{node.name}" if method else node.name, maker


class _Reader(ast.NodeVisitor):
    """Reads a file from top to bottom and keeps in ``found`` what each call of a maker says, by its line."""

    def __init__(self, part: str, makers: Mapping[str, Maker]) -> None:
        self.found: list[tuple[int, list[Message]]] = []
        self._part = part
        self._makers = makers
        self._named: dict[str, list[ast.expr]] = {}
        """What is assigned to a name, here or above."""
        self._given: set[str] = set()
        """The parameters of the function that is read."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outside, self._given = self._given, {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
        self.generic_visit(node)
        self._given = outside

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._assign(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._assign(node.target, node.value)
        self.generic_visit(node)

    def _assign(self, target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name) and value is not None:
            self._named.setdefault(target.id, []).append(value)
            if target.id in TABLES:
                self.found += [(line, [one]) for line, one in self._rows(TABLES[target.id], value)]

    def _rows(self, table: Table, value: ast.expr) -> Iterator[tuple[int, Message]]:
        for node in ast.walk(value):
            if isinstance(node, ast.Tuple) and len(node.elts) == table.width:
                texts = [re.sub(r"\\\d|\{\}", "…", _words(one)) for one in node.elts]
                told = [texts[at] if at is not None else "" for at in table[2:]]
                if isinstance(node.elts[table.problem], ast.Constant):
                    yield node.lineno, self._message(table.family, *told)

    def visit_Call(self, node: ast.Call) -> None:
        maker = self._makers.get(ast.unparse(node.func))
        if maker is not None:
            self.found.append((node.lineno, self._read(node, maker)))
        self.generic_visit(node)

    def _read(self, node: ast.Call, maker: Maker) -> list[Message]:
        given = dict(zip(maker.parameters, node.args, strict=False))
        given |= {one.arg: one.value for one in node.keywords if one.arg}
        expected, remedy = (_words(given.get(name)) for name in ("expected", "remedy"))
        if "expected" in maker.parameters and "problem" not in maker.parameters:
            return [self._message(maker.family, maker.problem, expected, remedy)]
        arguments = [one for one in node.args if not isinstance(one, ast.Starred)]
        problems = self._worded([given["problem"]] if "problem" in given else arguments)
        if not problems and (maker.problem or any(map(self._handed_on, arguments or [node]))):
            problems = [maker.problem or "…"]
        return [self._message(maker.family, problem, expected, remedy) for problem in problems]

    def _message(self, family: str, problem: str, expected: str = "", remedy: str = "") -> Message:
        return Message(self._part, BESIDES.get(family, family), problem, expected, remedy)

    def _worded(self, arguments: Sequence[ast.expr]) -> list[str]:
        """Return what the first worded argument says; the branches of a conditional are one each."""
        for argument in arguments:
            branches = (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,)
            meant = [
                one
                for branch in branches
                for one in (self._named.get(branch.id, []) if isinstance(branch, ast.Name) else [branch])
            ]
            found = [words for words in map(_words, meant) if words.strip("…. ")]
            if found:
                return found
        return []

    def _handed_on(self, argument: ast.expr) -> bool:
        """Return whether an argument brings words from elsewhere: from whoever called, or from another error."""
        names = {one.id for one in ast.walk(argument) if isinstance(one, ast.Name)}
        parts = {one.attr for one in ast.walk(argument) if isinstance(one, ast.Attribute)}
        return bool(names & (self._given | HANDED_ON) or parts & HANDED_ON)


def _words(node: ast.expr | None) -> str:
    match node:
        case None:
            return ""
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_words(value) if isinstance(value, ast.Constant) else "…" for value in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _words(left) + _words(right)
        case _:
            return "…"


def _class(kind: type[ScopeSimulatorError]) -> str:
    parents = ", ".join(code(base.__name__) for base in kind.__bases__)
    _, text = SAMPLES[kind]
    return f"### {kind.__name__}\n\n{plain(kind.__doc__)} A kind of {parents}.\n\n{fence(text)}"


def _area(heading: str, found: list[Message]) -> str:
    if not found:
        return ""
    rows = ((one.problem, _unless_empty(one.expected), one.remedy, code(one.family)) for one in found)
    return f"### {heading}\n\n" + table(["message", "expected", "remedy", "made by"], dict.fromkeys(rows))


def _unless_empty(text: str) -> str:
    return "" if text == "…" else text
