"""``docs/reference/errors.md``: the families of errors, an example of each, and every message that the code can give.

A message is read where it is written in the code; what it names is only known when it is given, and shows as `…`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from docs.making.markdown import code, document, fence, plain, table
from docs.making.samples import SAMPLES
from simulator.errors import ExpectationError, PlatformError, ScopeSimulatorError, UsageError

__all__ = ["Message", "make", "messages"]

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
    "auth": "Answers to the client",
    "rest": "Answers to the client",
    "routes": "Answers to the client",
    "graphql": "Answers to the client",
}
"""The heading for each part of the package; all others stand under the last."""

OTHERS = "Everywhere"


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
        "## Messages\n\n`…` stands for what is only known when the message is given.\n",
        *(
            _area(heading, [one for one in found if AREAS.get(one.part, OTHERS) == heading])
            for heading in headings
        ),
    )


def messages(root: Path) -> list[Message]:
    """Return every message that is worded where the error is made, each once."""
    sources = {
        path.relative_to(root / "simulator"): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(root.glob("simulator/**/*.py"))
    }
    makers = {kind.__name__: Maker(kind.__name__) for kind in SAMPLES}
    makers |= {name: maker for tree in sources.values() for name, maker in _functions(tree, makers)}
    found = {
        one for file, tree in sources.items() for one in _calls(tree, file.with_suffix("").parts[0], makers)
    }
    return sorted(found)


class Maker(NamedTuple):
    """What makes an error: a class, or a function with these parameters and its own words where none are given."""

    family: str
    parameters: tuple[str, ...] = ()
    problem: str = ""


def _functions(tree: ast.Module, kinds: Mapping[str, Maker]) -> Iterator[tuple[str, Maker]]:
    """Yield the functions that return an error, since their callers word it."""
    for node in ast.walk(tree):
        returns = node.returns if isinstance(node, ast.FunctionDef) else None
        if isinstance(node, ast.FunctionDef) and isinstance(returns, ast.Name) and returns.id in kinds:
            own = [one.problem for one in _calls(node, "", kinds)]
            parameters = tuple(one.arg for one in node.args.args)
            yield node.name, Maker(returns.id, parameters, own[0] if own else "")


def _calls(tree: ast.AST, part: str, makers: Mapping[str, Maker]) -> Iterator[Message]:
    for node in ast.walk(tree):
        maker = (
            makers.get(node.func.id)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            else None
        )
        if maker is None or not isinstance(node, ast.Call):
            continue
        given = dict(zip(maker.parameters, node.args, strict=False))
        given |= {one.arg: one.value for one in node.keywords if one.arg}
        expected, remedy = (_words(given.get(name)) for name in ("expected", "remedy"))
        if "expected" in maker.parameters and "problem" not in maker.parameters:
            yield Message(part, maker.family, maker.problem, expected, remedy)
            continue
        for problem in _worded(node.args):
            yield Message(part, maker.family, problem, expected, remedy)


def _worded(arguments: Sequence[ast.expr]) -> Iterator[str]:
    """Yield what the first worded argument says; the branches of a conditional are one each."""
    for argument in arguments:
        branches = (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,)
        found = [words for words in map(_words, branches) if words.strip("…. ")]
        if found:
            yield from found
            return


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
    return f"### {heading}\n\n" + table(["message", "expected", "remedy", "made by"], rows)


def _unless_empty(text: str) -> str:
    return "" if text == "…" else text
