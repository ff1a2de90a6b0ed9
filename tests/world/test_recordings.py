"""What a device sends: contents that fit the type."""

from __future__ import annotations

import pytest

from simulator.settings import ENUMS
from simulator.world.equipment import EQUIPMENT
from simulator.world.recordings import event_data

PUMP = EQUIPMENT[0]


def data(type_: str, draw: int) -> dict[str, object]:
    return {**event_data(type_, PUMP, "P-101", "Fit the new seal", check="Seal faces clean", draw=draw)}


@pytest.mark.parametrize(
    ("type_", "draw", "expected"),
    [
        ("PHOTO", 0, {"caption": "P-101: Fit the new seal"}),
        ("VIDEO", 3, {"caption": "P-101: Fit the new seal", "duration_seconds": 11}),
        ("TEXT", 0, {"text": "No abnormality found."}),
        ("CHECKBOX", 0, {"name": "Seal faces clean", "checked": True}),
        (
            "QUIZ",
            8,
            {
                "question": "The torque wrench has no valid label. What now?",
                "options": ["Use it carefully", "Take another one"],
                "answer": "Take another one",
                "correct": True,
            },
        ),
    ],
)
def test_contents_fit_the_type(type_: str, draw: int, expected: dict[str, object]) -> None:
    assert data(type_, draw) == expected


@pytest.mark.parametrize("type_", ENUMS["ScenarioStepItemTypeEnum"])
def test_every_type_has_contents(type_: str) -> None:
    assert data(type_, 12345)


def test_a_quiz_is_answered_wrongly_at_times() -> None:
    answers = [data("QUIZ", draw) for draw in range(0, 4000, 7)]

    right = [one["correct"] for one in answers]
    assert all(one["answer"] in one["options"] for one in answers)
    assert 0.7 < sum(right) / len(right) < 0.9


def test_a_measured_value_keeps_its_limits_most_of_the_time_and_says_so() -> None:
    readings = [data("MEASUREMENT", draw) for draw in range(0, 40_000, 13)]

    within = [one["within_limits"] for one in readings]
    assert {one["name"] for one in readings} == {reading.name for reading in PUMP.readings}
    assert all(one["within_limits"] == (one["low"] <= one["value"] <= one["high"]) for one in readings)
    assert 0.85 < sum(within) / len(within) < 0.95


def test_a_value_without_decimal_places_is_a_whole_number() -> None:
    switchgear = EQUIPMENT[-1]

    found = event_data("MEASUREMENT", switchgear, "SW-101", "x", check="", draw=0)

    assert (found["name"], type(found["value"])) == ("Contact resistance", int)
