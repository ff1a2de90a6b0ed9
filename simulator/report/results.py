"""The runs of one command as a file for other programs: JSON by a contract of ours, or JUnit's XML as CI servers read it.

Decides how runs become test cases. It must not write a file, nor tell anything that the summaries do not hold.

In JUnit's words a script is a suite. Its cases are the expectations, then one for the deliveries, and one more for a script
that did not come to its end; one that was refused at its check has a case for that alone. A case keeps its name when lines move, so that a server can follow it from run to run; of
several with one name the later ones are numbered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from simulator.expect.kinds import number_of
from simulator.report.auditing import audit_lines
from simulator.report.record import Record
from simulator.report.summary import Judgement, Summary
from simulator.report.text import entry_line, printable, tally_line, undelivered_lines
from simulator.wire import JSON, dump

__all__ = ["MOST_TOLD", "as_json", "as_junit"]

MOST_TOLD = 2000
"""How many entries stand in JUnit's XML."""

_ENDING = re.compile(r"\.(ya?ml|json)$")


def as_json(summaries: Sequence[Summary]) -> bytes:
    """Return the runs as the contract ``report/replay`` describes them."""
    from simulator import __version__

    scripts: list[JSON] = [one.told for one in summaries]
    ok = bool(summaries) and all(one.ok for one in summaries)
    took = round(sum(one.took for one in summaries), 3)
    return dump({"ok": ok, "version": __version__, "took": took, "scripts": scripts}) + b"\n"


def as_junit(summaries: Sequence[Summary]) -> bytes:
    """Return the runs as JUnit's XML."""
    root = Element("testsuites", name="scope-simulator")
    for one in summaries:
        root.append(_suite(one))
    _count(root, sum(one.took for one in summaries))
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _suite(one: Summary) -> Element:
    suite = Element("testsuite", name=printable(one.title), file=printable(one.file))
    facts = {
        "seed": one.seed,
        "steps": one.steps,
        "started": one.started,
        "ended": one.ended,
        "reason": one.reason,
        "command": one.command,
        "label": one.label or None,
        "tags": ", ".join(one.tags) or None,
    }
    properties = SubElement(suite, "properties")
    for name, value in facts.items():
        if value is not None:
            SubElement(properties, "property", name=name, value=printable(str(value)))
    used: Counter[str] = Counter()
    for judgement in one.judgements:
        used[judgement.expected] += 1
        times = used[judgement.expected]
        _judged(suite, one, judgement, "" if times == 1 else f" [{times}]")
    if not one.refused:
        _delivered(suite, one)
    if one.audit is not None:
        case = _case(suite, one, "webhooks and API agree")
        if not one.audit.ok:
            first, *lines = audit_lines(one.audit)
            _fault(case, "failure", first, lines)
    if one.stopped is not None:
        case = _case(suite, one, "the script is sound" if one.refused else "the script comes to its end")
        _fault(case, "error", one.broke_off, [one.stopped])
    if one.record.entries:
        SubElement(suite, "system-out").text = "\n".join(_told(one.record))
    _count(suite, one.took)
    return suite


def _told(record: Record) -> Iterator[str]:
    """Yield a line for each of the first and the last entries; a build server shows no more than so much text."""
    entries, half = record.entries, MOST_TOLD // 2
    left_out = len(entries) - MOST_TOLD
    if left_out <= 0:
        yield from map(entry_line, entries)
        return
    yield from map(entry_line, entries[:half])
    yield f"  ... {left_out} entries are left out here; a report as JSON has all"
    yield from map(entry_line, entries[-half:])


def _judged(suite: Element, one: Summary, judgement: Judgement, number: str) -> None:
    file, line, _ = judgement.place.rsplit(":", 2)
    case = _case(suite, one, judgement.expected + number, file=printable(file), line=line)
    if not judgement.judged:
        _fault(case, "error", f"cannot be judged; seen: {judgement.seen}", judgement.lines)
    elif not judgement.met:
        _fault(case, "failure", f"not met; seen: {judgement.seen}", judgement.lines)


def _delivered(suite: Element, one: Summary) -> None:
    # It lasts as long as the run, so that the times of the cases add up to it.
    case = _case(suite, one, "every webhook is delivered", time=f"{one.took:.3f}")
    unexpected = one.tally.given_up - one.excused
    if unexpected > 0:
        text = f"{number_of(unexpected, 'webhook')} given up"
        lines = [tally_line(one.tally, excused=one.excused), *undelivered_lines(one.undelivered)]
        _fault(case, "failure", text, lines)


def _case(suite: Element, one: Summary, name: str, **more: str) -> Element:
    group = _ENDING.sub("", one.file).strip("./").replace("/", ".")
    group += f" [{one.label}]" if one.label else ""
    told = {"classname": printable(group), "name": printable(name), "time": "0.000"}
    return SubElement(suite, "testcase", told | more)


def _fault(case: Element, kind: str, message: str, lines: Sequence[str]) -> None:
    fault = SubElement(case, kind, message=printable(message))
    fault.text = "\n".join(printable(line) for text in lines for line in text.split("\n"))


def _count(element: Element, took: float) -> None:
    element.set("tests", str(len(list(element.iter("testcase")))))
    element.set("failures", str(len(list(element.iter("failure")))))
    element.set("errors", str(len(list(element.iter("error")))))
    element.set("skipped", "0")
    element.set("time", f"{took:.3f}")
