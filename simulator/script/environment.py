"""Puts ``${env.NAME}`` into a document, from what the caller hands in and from nowhere else.

Whoever loads a script that came over the network hands in nothing, and then such a reference is an error. What a variable
contains is text, and is never read as a reference again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simulator.errors import UsageError, did_you_mean
from simulator.script.document import Document, Path
from simulator.script.references import Reference, escape, is_template, parse_template
from simulator.wire import JSON

__all__ = ["variables_in", "with_environment"]


def with_environment(
    document: Document, environ: Mapping[str, str] | None
) -> tuple[Document, list[UsageError]]:
    """Return the document with the values put in, and what is wrong with its references to the environment."""
    problems: list[UsageError] = []

    def filled(value: JSON, path: Path) -> JSON:
        if isinstance(value, dict):
            return {key: filled(one, (*path, key)) for key, one in value.items()}
        if isinstance(value, list):
            return [filled(one, (*path, place)) for place, one in enumerate(value)]
        return in_text(value, path) if isinstance(value, str) and is_template(value) else value

    def in_text(text: str, path: Path) -> str:
        try:
            parts = parse_template(text)
        except UsageError:
            return text  # unreadable, which is judged with the rest
        return "".join(escape(part) if isinstance(part, str) else in_place(part, path) for part in parts)

    def in_place(reference: Reference, path: Path) -> str:
        if reference.root != "env":
            return reference.text
        try:
            return escape(_value(reference, environ))
        except UsageError as error:
            error.place = document.place(path)
            problems.append(error)
            return reference.text

    return replace(document, value=filled(document.value, ())), problems


def variables_in(value: JSON) -> list[str]:
    """Return the names of the variables of the environment that a document refers to, each once, in their order."""
    names: dict[str, None] = {}

    def look(value: JSON) -> None:
        if isinstance(value, dict | list):
            for one in value.values() if isinstance(value, dict) else value:
                look(one)
        elif isinstance(value, str) and is_template(value):
            try:
                parts = parse_template(value)
            except UsageError:
                return  # unreadable, which is judged with the rest
            names.update(
                (str(part.steps[0]), None)
                for part in parts
                if isinstance(part, Reference) and part.root == "env" and part.steps
            )

    look(value)
    return list(names)


def _value(reference: Reference, environ: Mapping[str, str] | None) -> str:
    if len(reference.steps) != 1 or not isinstance(name := reference.steps[0], str):
        raise UsageError(f"{reference.text} stands for nothing", expected="a variable, such as ${env.ORDER}")
    if environ is None:
        raise UsageError(
            f"{reference.text} cannot be read here: this script did not come from a command line",
            remedy="Send the script with its value, or play it with: scope-simulator replay",
        )
    if name not in environ:
        raise UsageError(
            f"the environment variable {name} is not set",
            nearest=did_you_mean(name, environ),
            remedy=f"Set it: export {name}=...",
        )
    return environ[name]
