"""``docs/reference/fixtures.md``: the pytest fixtures, the marker and the handles, from their docstrings."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from docs.making.markdown import code, document, plain, table
from simulator import pytest_plugin
from simulator.contracts import load
from simulator.settings import FIELDS

__all__ = ["Member", "fixtures", "make", "marker", "members"]

INTRODUCTION = """\
Installing the distribution is enough: pytest finds the fixtures by itself. Each test has a world, a clock, a port and
targets of its own. [How to use them](../how-to/pytest.md) has examples.
"""

SIMULATOR = """\
`with Simulator(seed=7) as scope:` gives the handle of `scope_simulator` without pytest, `async with` that of
`scope_simulator_async`. Any [setting](settings.md) is a keyword. `start()` and `stop()` do the same as `with`.
"""

HANDLE = """\
`scope_simulator` has these methods and they block; those of `scope_simulator_async` have the same names and are awaited.
Attributes are the same in both and are not awaited.
"""


CORE = """\
`SimulatorCore(seed=7)` gives the same without pytest. It has neither sockets nor a thread, and its expectations do not
wait. It lacks {lacking}. These members differ or are its own; all others are as above:
"""

HANDLES = (
    ("awaitable.py", "AsyncSimulator"),
    ("acting.py", "Acting"),
    ("looking.py", "Looking"),
    ("judging.py", "Judging"),
)
"""What the awaitable handle is made of."""

VALUES = (
    ("report/deliveries.py", "DeliveryStory"),
    ("report/deliveries.py", "AttemptStory"),
    ("report/deliveries.py", "RequestStory"),
    ("report/tree.py", "Tree"),
    ("report/causes.py", "Cause"),
    ("control/resending.py", "Resent"),
    ("journal.py", "RequestAnswered"),
    ("webhooks/misreadings/mistake.py", "Explanation"),
    ("webhooks/misreadings/mistake.py", "Mistake"),
)

NAMES = {
    "graphql_url": "Where GraphQL is.",
    "username": "What the default user signs in with.",
    "password": "What the default user signs in with.",
}
"""What is too plain for a docstring."""


class Member(NamedTuple):
    """A public method or attribute of a class."""

    name: str
    signature: str
    text: str


def make(root: Path) -> str:
    """Return the document."""
    server = root / "simulator" / "server"
    own = [member for file, name in HANDLES for member in members(server / file, name)]
    core = root / "simulator" / "core.py"
    cores = list(members(core, "SimulatorCore"))
    different = [one for one in cores if one not in own]
    lacking = ", ".join(code(one.name) for one in own if one.name not in {other.name for other in cores})
    return document(
        "Fixtures and handles",
        "the docstrings of the plugin and of the handles",
        INTRODUCTION,
        "## Fixtures\n",
        *(f"### {name}\n\n{text}" for name, text in fixtures(root)),
        f"## The marker\n\n{marker()}",
        "## Without pytest\n\n" + SIMULATOR,
        "## The handle\n\n" + HANDLE + "\n" + listed(own),
        "### What deliveries(), requests(), tree() and explain_signature() return\n",
        *(values(root / "simulator" / file, name) for file, name in VALUES),
        "## The handle of scope_simulator_core\n\n" + CORE.format(lacking=lacking) + "\n" + listed(different),
    )


def values(file: Path, name: str) -> str:
    """Return what a class of plain values is and holds."""
    return f"`{name}`: {docstring(file, name)}\n\n" + table(
        ["member"], ((code(one.signature),) for one in members(file, name) if one.name != "kind")
    )


def listed(found: Iterable[Member]) -> str:
    """Return members as a table."""
    return table(
        ["member", "what it is"], ((code(one.signature), one.text or unsaid(one.name)) for one in found)
    )


def unsaid(name: str) -> str:
    """Return what a member without a docstring is, in the words that the product has for its name."""
    contract: Any = load("script")
    step = contract["$defs"]["step"]["properties"]
    if name in step:
        return str(step[name]["description"])
    return FIELDS[name].help if name in FIELDS else NAMES.get(name, "")


def fixtures(root: Path) -> list[tuple[str, str]]:
    """Return the public fixtures with what they are."""
    tree = ast.parse((root / "simulator" / "pytest_plugin.py").read_text(encoding="utf-8"))
    return [
        (node.name, plain(ast.get_docstring(node)))
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and any("fixture" in ast.unparse(one) for one in node.decorator_list)
    ]


def marker() -> str:
    """Return what ``pytest --markers`` says of ours."""
    lines: list[str] = []

    class Config:
        def addinivalue_line(self, _name: str, line: str) -> None:
            lines.append(line)

    pytest_plugin.pytest_configure(Config())  # type: ignore[arg-type]
    name, _, text = lines[0].partition(": ")
    return f"`@pytest.mark.{name}`: {text}"


def members(file: Path, name: str) -> Iterator[Member]:
    """Yield the public methods and attributes of a class in the order of the source."""
    found = _class(file, name)
    for node in found.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield Member(node.name, _signature(node), plain(ast.get_docstring(node)))
        elif (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and not node.target.id.startswith("_")
        ):
            yield Member(
                node.target.id, f"{node.target.id}: {ast.unparse(node.annotation)}", _following(found, node)
            )


def docstring(file: Path, name: str) -> str:
    """Return the docstring of a class."""
    return plain(ast.get_docstring(_class(file, name)))


def _class(file: Path, name: str) -> ast.ClassDef:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)


def _following(parent: ast.ClassDef, node: ast.stmt) -> str:
    """Return the docstring that stands after an attribute."""
    rest = parent.body[parent.body.index(node) + 1 :]
    after = rest[0] if rest else None
    if (
        isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
        and isinstance(after.value.value, str)
    ):
        return plain(inspect.cleandoc(after.value.value))
    return ""


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    decorators = {ast.unparse(one) for one in node.decorator_list}
    returns = ast.unparse(node.returns) if node.returns else ""
    if decorators & {"property", "cached_property"}:
        return f"{node.name}: {returns}"
    arguments = ast.unparse(node.args).removeprefix("self, /, ").removeprefix("self, ").removeprefix("self")
    arguments = arguments.removeprefix("cls, ")
    ending = f" -> {returns}" if returns != "None" else ""
    return f"{node.name}({arguments}){ending}"
