"""``docs/fidelity.md``: what is known, from ``facts``, and what is acted on, gathered from the marks in the code.

Wherever we imitate the vendor, a sentence ends in a mark that says how certain it is: ``[documented: PAGE]``,
``[seen: CLIENT]``, ``[inferred]`` or ``[chosen]``. Marks stand in docstrings and comments of ``simulator/``, in the
descriptions of the SDL and of the JSON Schemas. A marked sentence begins after the full stop or the mark before it, or
where its paragraph begins.
"""

from __future__ import annotations

import ast
import io
import json
import re
import textwrap
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from graphql import parse

from docs.making.audit import audit
from docs.making.certainties import certainties
from docs.making.facts import FACTS, facts

__all__ = ["document", "json_texts", "python_texts", "sdl_texts", "statements_in", "table"]

SOURCES = {
    "SEED": "the vendor's document on webhooks that this simulator was built for",
    "UW": "the page Using Webhooks",
    "EG": "the page Exploring the Graph",
    "GN": "the page Using Global Node IDs",
    "IG": "the page Introduction to the Scope (AR) GraphQL API",
    "SD": "the page Session Data Sample Queries",
    "UQ": "the page User Related Queries",
    "RA": "the page Retrieving Attachments",
    "XD": "the page Queries using External Data",
    "DL": "the page Using Deeplinks",
    "AT": "the page Getting API Tokens",
    "OC": "the page Orchestrating Common Use Cases",
    "SI": "the page Scenario Integration with Third-Party Systems",
    "CI": "the page Call Integration with Third-Party Systems",
    "RD": "the vendor's API reference site",
    "HC": "the vendor's help centre; the article's title follows",
    "DEMO": "the vendor's public demonstration client scopear/api-demo",
    "SHEETS": "the vendor's public spreadsheet client scopear/IMPORTJSONAPI",
    "EXPR": "a public third-party client built on Express",
}

AREAS = {
    "Webhooks": ("simulator/webhooks/", "schemas/webhook/"),
    "GraphQL": ("simulator/graphql/", "schemas/scope"),
    "REST and signing in": ("simulator/rest", "simulator/auth", "simulator/routes", "schemas/rest/"),
    "World": ("simulator/world/",),
    "Settings": ("simulator/settings/", "schemas/settings"),
    "Running": ("",),
}
"""A file belongs to the first area one of whose prefixes it has."""

INTRODUCTION = """\
<!-- Made by `make docs` from the marks in the code and docs/making/facts.py. Change the sentence where it stands, not here. -->

# Fidelity: what is imitated, and how certain it is

First what is publicly known of the vendor's platform, with the tests that hold the simulator to it, or why nothing does; then
every statement that the simulator acts on, where nothing is known too.
"""

ACTED_ON = """\
Each line is a statement about the vendor's platform that this simulator acts on, taken from the place in the code that
acts on it. *documented*: the vendor says so. *seen*: a public client relies on it. *inferred*: it follows from either.
*chosen*: nothing is known, so it is our decision; most of these are settings.
"""

MARK = re.compile(r"\[(documented|seen|inferred|chosen)(?::\s*([^\]]+))?\]")
SENTENCE_END = re.compile(r"(?<!e\.g)(?<!i\.e)[.!?][\"')`]*\s+(?=[\"'(`A-Z])")
MOST_PLACES = 3


class Text(NamedTuple):
    """One piece of prose: where it stands and what it is about."""

    file: str
    about: str
    text: str


class Statement(NamedTuple):
    """One marked sentence."""

    file: str
    about: str
    sentence: str
    certainty: str
    source: str


def document(root: Path) -> str:
    """Return the text of ``docs/fidelity.md`` for the tree at ``root``."""
    statements = [statement for text in texts(root) for statement in statements_in(text)]
    areas: dict[str, list[Statement]] = {area: [] for area in AREAS}
    for one in statements:
        areas[next(area for area, prefixes in AREAS.items() if one.file.startswith(prefixes))].append(one)
    tables = [f"### {area}\n\n{table(mine)}" for area, mine in areas.items() if mine]
    known = [fact.source for section in FACTS.values() for fact in section]
    sources = legend([*(one.source for one in statements), *known])
    return "\n".join(
        [
            INTRODUCTION,
            sources,
            facts(),
            audit(),
            certainties(root),
            "## What is acted on\n",
            ACTED_ON,
            *tables,
        ]
    )


def texts(root: Path) -> Iterator[Text]:
    """Yield all prose that may bear marks, in an order that only the tree decides."""
    for path in sorted(root.glob("simulator/**/*.py")):
        source = path.read_text(encoding="utf-8")
        # Most files bear none.
        if MARK.search(source):
            yield from python_texts(path.relative_to(root).as_posix(), source)
    for path in sorted(root.glob("schemas/**/*.graphql")):
        yield from sdl_texts(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    for path in sorted(root.glob("schemas/**/*.json")):
        yield from json_texts(
            path.relative_to(root).as_posix(), json.loads(path.read_text(encoding="utf-8")), ""
        )


def python_texts(file: str, source: str) -> Iterator[Text]:
    """Yield the docstrings (those of attributes too) and the comments, each with the name it stands at."""
    tree = ast.parse(source)
    yield from docstrings(file, tree, "")
    scopes = [(node.lineno, node.end_lineno or node.lineno, name) for name, node in definitions(tree, "")]
    block: list[str] = []
    follows = -1
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, column = token.start
        alone = not token.line[:column].strip()
        if block and (line != follows or not alone):
            yield Text(file, enclosing(scopes, follows - 1), "\n".join(block))
            block = []
        block.append(token.string.lstrip("#:").strip())
        follows = line + 1
    if block:
        yield Text(file, enclosing(scopes, follows - 1), "\n".join(block))


def docstrings(file: str, parent: ast.AST, name: str) -> Iterator[Text]:
    before: ast.AST | None = None
    for node in ast.iter_child_nodes(parent):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            target = assigned(before)
            about = ".".join(part for part in (name, target) if part)
            yield Text(file, about, textwrap.dedent(node.value.value))
        before = node
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from docstrings(file, node, ".".join(part for part in (name, node.name) if part))


def assigned(node: ast.AST | None) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


def definitions(
    parent: ast.AST, name: str
) -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            full = ".".join(part for part in (name, node.name) if part)
            yield full, node
            yield from definitions(node, full)


def enclosing(scopes: Iterable[tuple[int, int, str]], line: int) -> str:
    return max(((begin, name) for begin, end, name in scopes if begin <= line <= end), default=(0, ""))[1]


def sdl_texts(file: str, source: str) -> Iterator[Text]:
    """Yield the descriptions of the SDL, each with its coordinate, such as ``User.groups(first:)``."""
    for definition in parse(source).definitions:
        yield from sdl_descriptions(file, definition, "")


def sdl_descriptions(file: str, node: object, parent: str) -> Iterator[Text]:
    name = getattr(getattr(node, "name", None), "value", "")
    kind = getattr(node, "kind", "")
    argument = kind == "input_value_definition" and "." in parent
    about = f"{parent}({name}:)" if argument else f"{parent}.{name}" if parent else name
    description = getattr(node, "description", None)
    if description is not None:
        yield Text(file, about, description.value)
    for children in ("fields", "values", "arguments"):
        for child in getattr(node, children, None) or ():
            yield from sdl_descriptions(file, child, about)


def json_texts(file: str, value: object, pointer: str) -> Iterator[Text]:
    """Yield the descriptions in a JSON Schema, each with the way to the value that it describes."""
    if isinstance(value, dict):
        if isinstance(value.get("description"), str):
            yield Text(file, pointer.lstrip("."), value["description"])
        for key, inner in value.items():
            if key in ("const", "default", "enum", "examples"):
                continue
            step = "" if key in ("properties", "$defs", "items", "oneOf", "anyOf", "allOf") else f".{key}"
            yield from json_texts(file, inner, pointer + step)
    elif isinstance(value, list):
        for inner in value:
            yield from json_texts(file, inner, pointer)


def statements_in(text: Text) -> Iterator[Statement]:
    """Yield the marked sentences of one text."""
    for paragraph in re.split(r"\n\s*\n|\n\s*(?=[-*] )", text.text):
        flat = " ".join(paragraph.split())
        begin = 0
        for mark in MARK.finditer(flat):
            before = flat[begin : mark.start()].rstrip()
            ends = [end.end() for end in SENTENCE_END.finditer(before)]
            sentence = before[ends[-1] if ends else 0 :].strip(" ;,-")
            begin = mark.end() + (flat[mark.end() : mark.end() + 1] in (".", ";", ","))
            yield Statement(text.file, text.about, sentence, mark[1], checked_source(text, mark))


def checked_source(text: Text, mark: re.Match[str]) -> str:
    """Return the source of a mark; one that names none where it must, or an unknown one, ends the run."""
    source = (mark[2] or "").strip()
    names = [part.split()[0] for part in source.split(",")] if source else []
    unknown = [name for name in names if name not in SOURCES]
    if unknown or (not names and mark[1] in ("documented", "seen")):
        raise SystemExit(
            f"{text.file}: {text.about}: the mark {mark[0]} names no known source: {', '.join(SOURCES)}"
        )
    return source


def legend(sources: Iterable[str]) -> str:
    used = {part.split()[0] for source in sources for part in source.split(",") if part}
    rows = [f"| {name} | {meaning} |" for name, meaning in SOURCES.items() if name in used]
    return "\n".join(["| source | stands for |", "|---|---|", *rows, ""])


def table(statements: Iterable[Statement]) -> str:
    """Return the statements as a table; the same sentence in one file is one row."""
    grouped: dict[tuple[str, str, str, str], list[str]] = {}
    for one in statements:
        row = grouped.setdefault((one.sentence, one.certainty, one.source, one.file), [])
        if one.about and one.about not in row:
            row.append(one.about)
    lines = ["| about | statement | certainty | source | where |", "|---|---|---|---|---|"]
    for (sentence, certainty, source, file), abouts in grouped.items():
        shown = ", ".join(f"`{about}`" for about in abouts[:MOST_PLACES])
        more = f" and {len(abouts) - MOST_PLACES} more" if len(abouts) > MOST_PLACES else ""
        where = f"[{file}](../{file})"
        lines.append(f"| {shown}{more} | {cell(sentence)} | {certainty} | {cell(source)} | {where} |")
    return "\n".join([*lines, ""])


def cell(text: str) -> str:
    return text.replace("``", "`").replace("|", "\\|")
