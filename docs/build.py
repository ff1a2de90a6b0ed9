"""Writes the documents that are made from the code, and the parts of others that show files of this repository.

With ``--check`` nothing is written, and a stale document ends with 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from docs.making import (
    commands,
    errors,
    fidelity,
    fixtures,
    includes,
    moving,
    picture,
    routes,
    scenarios,
    scripts,
    settings,
)

ROOT = Path(__file__).parent.parent

HAND_WRITTEN = (
    "docs/tutorial.md",
    "docs/how-to/chaos.md",
    "docs/how-to/scripts.md",
    "docs/how-to/ci.md",
    "docs/how-to/container.md",
    "docs/how-to/judging.md",
    "docs/how-to/other-languages.md",
    "docs/how-to/pytest.md",
    "docs/how-to/retries.md",
    "docs/how-to/roles.md",
    "docs/how-to/signatures.md",
    "docs/how-to/snapshots.md",
    "docs/how-to/subscriptions.md",
)
"""Pages that show files of this repository; the rest of them is written by hand."""

DOCUMENTS: Mapping[str, Callable[[Path], str]] = {
    "scenarios/README.md": scenarios.make,
    "docs/fidelity.md": fidelity.document,
    "docs/reference/commands.md": commands.make,
    "docs/reference/settings.md": settings.make,
    "docs/reference/routes.md": routes.make,
    "docs/reference/scripts.md": scripts.make,
    "docs/reference/fixtures.md": fixtures.make,
    "docs/reference/errors.md": errors.make,
    "docs/how-to/moving-to-the-real-service.md": moving.make,
    "docs/how-to/reports/picture.svg": picture.make,
    **{name: includes.refreshing(name) for name in HAND_WRITTEN},
}
"""What makes each document, given the root of the tree."""


def main(argv: list[str] | None = None) -> int:
    """Write the documents, or with ``--check`` say whether they are fresh."""
    parser = argparse.ArgumentParser(description="Writes the generated documents.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing, end with 1 when a document is stale"
    )
    check = parser.parse_args(argv).check
    stale = {name: text for name, make in DOCUMENTS.items() if (text := make(ROOT)) != _written(name)}
    for name, text in stale.items():
        if check:
            print(f"{name} is stale; write it anew with: make docs", file=sys.stderr)
        else:
            (ROOT / name).write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


def _written(name: str) -> str | None:
    file = ROOT / name
    return file.read_text(encoding="utf-8") if file.exists() else None


if __name__ == "__main__":
    sys.exit(main())
