"""Names that are numbers: read back as they were written, and not otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.world import labels

LETTERS = ("P", "K", "FV")


@given(st.integers(1, 10**12))
def test_what_was_written_is_read_back(number: int) -> None:
    assert labels.read_work_order(labels.work_order(number)) == number
    assert labels.read_case(labels.case(number)) == number
    assert labels.read_part(labels.part(number, "SEAL")) == (number, "SEAL")
    assert labels.read_tag(LETTERS, 301, labels.tag(LETTERS, 301, number)) == number


def test_the_first_ones_look_as_on_a_plant() -> None:
    written = [labels.work_order(1), labels.case(1), labels.part(4, "SEAL")]
    tags = [labels.tag(LETTERS, 301, number) for number in range(1, 6)]

    assert written == ["WO-10001", "CASE-2001", "1004-SEAL"]
    assert tags == ["P-301", "K-301", "FV-301", "P-302", "K-302"]


@pytest.mark.parametrize(
    "text", ["", "WO-10000", "WO-010001", "wo-10001", "WO-10001 ", "CASE-10001", "WO-" + "9" * 30]
)
def test_a_text_that_is_no_work_order_is_nobodys(text: str) -> None:
    assert labels.read_work_order(text) is None


@pytest.mark.parametrize("text", ["CASE-2000", "WO-2001", "2001"])
def test_a_text_that_is_no_case_is_nobodys(text: str) -> None:
    assert labels.read_case(text) is None


@pytest.mark.parametrize("text", ["1000-SEAL", "1004-seal", "1004-SEA", "SEAL-1004", "01004-SEAL"])
def test_a_text_that_is_no_part_is_nobodys(text: str) -> None:
    assert labels.read_part(text) is None


@pytest.mark.parametrize("text", ["P-300", "X-301", "P301", "P-0301"])
def test_a_text_that_is_no_tag_is_nobodys(text: str) -> None:
    assert labels.read_tag(LETTERS, 301, text) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Seal replacement P-101", ("Seal replacement", "P-101", 1)),
        ("Seal replacement P-101, variant 3", ("Seal replacement", "P-101", 3)),
        ("Seal replacement", None),
    ],
)
def test_a_procedure_is_written_and_read(text: str, parts: tuple[str, str, int] | None) -> None:
    assert labels.read_procedure(text) == parts
    assert parts is None or labels.procedure(*parts) == text
