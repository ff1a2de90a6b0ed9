"""``--report``: files for people and other programs about what was played, whose places are proven before anything is.

Whatever ends the command, the files are written: with the scripts that were played and the one that stopped short. So an
older file is never taken for this run's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from simulator.cli import whole
from simulator.errors import UsageError, did_you_mean
from simulator.report.summary import Summary

__all__ = ["reporting"]

_KINDS = ("junit", "json", "html")
_EXPECTED = "junit:PATH, json:PATH or html:PATH"


@contextmanager
def reporting(wanted: Sequence[str]) -> Iterator[Callable[[Summary], None]]:
    """Give what takes each summary; in the end write the reports, each wanted as ``KIND:PATH``.

    Raises UsageError for one that cannot be written, before the context is entered.
    """
    files = _read(wanted)
    for path, kind in files.items():
        whole.prove(path, place=f"--report {kind}:{path}")
    summaries: list[Summary] = []
    try:
        # What nobody wants is not kept: each holds all that happened.
        yield summaries.append if files else lambda _summary: None
    finally:
        for path, kind in files.items():
            whole.write(path, _make(kind, summaries), place=f"--report {kind}:{path}")


def _make(kind: str, summaries: Sequence[Summary]) -> bytes:
    # Whoever wants no report, or another, loads none of them.
    if kind == "html":
        from simulator.report.page.document import as_html

        return as_html(summaries)
    from simulator.report.results import as_json, as_junit

    return as_junit(summaries) if kind == "junit" else as_json(summaries)


def _read(wanted: Sequence[str]) -> dict[str, str]:
    """Return the kind of report for each path."""
    read: dict[str, str] = {}
    for text in wanted:
        kind, _, path = text.partition(":")
        if kind not in _KINDS or not path:
            raise UsageError(
                "the report cannot be made",
                place="--report",
                expected=_EXPECTED,
                found=repr(text),
                nearest=[f"{near}:{path or 'PATH'}" for near in did_you_mean(kind, _KINDS, most=1)],
            )
        if path in read:
            raise UsageError(
                "two reports would be one file", place="--report", found=path, remedy="Give each its own."
            )
        read[path] = kind
    return read
