"""Finds what we ship beside the code: ``schemas/``, ``scenarios/`` and ``examples/``.

In a wheel they lie in ``simulator/_bundled/``, in a checkout (an editable install too) in the folder above the
package. Names are the files' paths without their usual endings: ``webhook/resource``, ``two-people``. This module
reads text; it must not judge or parse it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from simulator.errors import NotFoundError, did_you_mean

__all__ = [
    "contract_names",
    "example_file",
    "read_contract_text",
    "read_scenario",
    "read_sdl",
    "scenario_names",
]

_CONTRACT = ".schema.json"
_SDL = ".graphql"
_SCRIPT = ".yaml"


def contract_names() -> tuple[str, ...]:
    """Return the names of all JSON Schemas, such as ``webhook/resource``, sorted."""
    return tuple(_files("schemas", _CONTRACT))


def read_contract_text(name: str) -> str:
    """Return the text of one JSON Schema."""
    return _read("schemas", _CONTRACT, name, what="contract")


def read_sdl() -> str:
    """Return the SDL: ``schemas/scope.graphql``, or its parts in order of their names once it is a folder."""
    return "\n".join(part.read_text(encoding="utf-8") for part in _files("schemas", _SDL).values())


def scenario_names() -> tuple[str, ...]:
    """Return the names of the bundled scripts, sorted."""
    return tuple(_files("scenarios", _SCRIPT))


def read_scenario(name: str) -> str:
    """Return the text of one bundled script."""
    return _read("scenarios", _SCRIPT, name, what="bundled script")


def example_file(name: str) -> AbstractContextManager[Path]:
    """Return a context in which an example, such as ``receiver/receiver.py``, is a file that can be run."""
    return resources.as_file(_root().joinpath("examples", *name.split("/")))


def _read(folder: str, ending: str, name: str, *, what: str) -> str:
    files = _files(folder, ending)
    if name not in files:
        raise NotFoundError(
            f"there is no {what} {name!r}",
            nearest=did_you_mean(name, files),
            remedy=f"There are: {', '.join(files)}." if files else None,
        )
    return files[name].read_text(encoding="utf-8")


@cache
def _files(folder: str, ending: str) -> dict[str, Traversable]:
    """Return the files of a folder that end so, by name. Looked up once: what is shipped does not change."""
    return dict(sorted(_walk(_root() / folder, ending)))


def _walk(folder: Traversable, ending: str, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, ending, f"{prefix}{entry.name}/")
        elif entry.name.endswith(ending):
            yield prefix + entry.name.removesuffix(ending), entry


def _root() -> Traversable:
    bundled = resources.files("simulator") / "_bundled"
    return bundled if bundled.is_dir() else Path(__file__).parent.parent
