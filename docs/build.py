"""Writes the documents that are made from the code, and the parts of others that show files of this repository.

With ``--check`` nothing is written, and a stale document ends with 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from docs.making import fidelity

ROOT = Path(__file__).parent.parent

DOCUMENTS: Mapping[str, Callable[[Path], str]] = {
    "docs/fidelity.md": fidelity.document,
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
