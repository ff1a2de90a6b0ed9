"""``scenarios/README.md``: the scripts that come with the simulator, by their titles and descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from simulator.script import open_script

__all__ = ["make"]

INTRODUCTION = """\
<!-- Made by `make docs` from the scripts. Change a script's title or description, not this. -->

# Scripts that come with the simulator

Play one against your integration: `scope-simulator replay created-and-finished --target http://localhost:8000/hooks/scopear`.
Print one to begin your own: `scope-simulator scenarios show paused-for-a-part > mine.yaml`. Begin with the two named
here; every script explains itself as it goes.

| name | title | what it shows |
|---|---|---|
"""


def make(root: Path) -> str:
    """Return the document."""
    return INTRODUCTION + "".join(rows(root))


def rows(root: Path) -> Iterator[str]:
    """Yield a line of the table for each script, by name."""
    for file in sorted((root / "scenarios").glob("*.yaml")):
        script = open_script(str(file), environ={})
        said = " ".join((script.description or "").split()).replace("|", "\\|")
        yield f"| [{file.stem}]({file.name}) | {script.title} | {said} |\n"
