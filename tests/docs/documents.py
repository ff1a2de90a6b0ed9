"""The documents as the tests read them: their files, what they link to, and how shown output is compared."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.projects import unmeasured

__all__ = ["DOCS", "PAGES", "ROOT", "anchors", "links", "missing_lines", "own_pytest", "shown_outputs"]

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("**/*.md"))
"""All pages, generated ones too."""

_STRICT = ("-W", "error::ResourceWarning", "-W", "error::pytest.PytestUnraisableExceptionWarning")
"""What shown code leaves open is a failure; what a framework warns of is its own affair."""

_DIFFERS = (
    (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
    (r"[\w-]{12}\.\.\.", "ID..."),
    (r"\b[\w-]{64}\b|\b[\w-]{43}=", "ID"),
    (r"\d+ ms\)", "N ms)"),
    (r'time="[\d.]+"', 'time="N"'),
    (r"in [\d.]+ s\b", "in N s"),
    (r"\d+ requests? answered", "N requests answered"),
    (r"\d+ fitting requests?", "N fitting requests"),
    (r"=+ ([^=]*) in [\d.]+s =+", r"= \1 ="),
    (r"\s+", " "),
)
"""What is not the same in two runs, and what stands for it."""


def links(text: str) -> list[str]:
    """Return where a page links to, but for other hosts."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return [one for one in re.findall(r"\]\(([^)\s]+)\)", prose) if "://" not in one]


def anchors(text: str) -> set[str]:
    """Return the names by which one may link to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def _likeness(line: str) -> str:
    """Return a line without what differs from run to run."""
    for pattern, stands in _DIFFERS:
        line = re.sub(pattern, stands, line)
    return line.strip()


def shown_outputs(text: str) -> dict[str, list[str]]:
    """Return the outputs that a page shows, by command: the lines, but for those that say that some are left out."""
    found = re.findall(r"^<!-- output: (.+?) -->\n```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return {
        command: [one for one in lines.splitlines() if one and one != "[...]"] for command, lines in found
    }


def missing_lines(shown: list[str], output: str) -> list[str]:
    """Return the shown lines that the output does not have in this order."""
    rest = iter([_likeness(line) for line in output.splitlines()])
    return [line for line in shown if _likeness(line) not in rest]


def own_pytest(
    folder: Path, *arguments: str, plugins: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run pytest in a project of its own, with our plugin and those that are named, and no other."""
    loaded = [part for name in ("scope_simulator", *plugins) for part in ("-p", name)]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *_STRICT, *loaded, *arguments],
        cwd=folder,
        env=unmeasured(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        check=False,
    )
