"""What a device sends about a recording: the caption of a photo, a measured value, an answer, a remark.

Decides the contents of eventData; who recorded it, when and at which step is decided elsewhere. The keys are ours. [chosen]
They are spelt with underscores, as user_name is. [inferred]
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.wire import JSON
from simulator.world.plant import Equipment, Reading

__all__ = ["event_data"]

_REMARKS = (
    "No abnormality found.",
    "Slight corrosion on the base plate, reported to planning.",
    "Access is narrow, two people are needed.",
    "Spare part taken from the van's stock.",
    "Label is hardly readable, please renew.",
    "Drip tray was full, emptied it.",
    "Operations asked to come back after the batch.",
    "Same finding as last time, see the photo.",
)
_QUESTIONS = (
    ("Who may take off your lock?", ("Only I", "The shift supervisor", "Whoever has a key"), 0),
    ("What do you do before you touch a conductor?", ("Measure that it is dead", "Put on a helmet"), 0),
    ("The torque wrench has no valid label. What now?", ("Use it carefully", "Take another one"), 1),
    ("How is a flange tightened?", ("Clockwise", "Crosswise, in steps", "All bolts at once"), 1),
    ("Where does used oil go?", ("Into the marked drum", "Into the floor drain"), 0),
    (
        "You smell gas. What comes first?",
        ("Find the leak", "Finish the step", "Leave and raise the alarm"),
        2,
    ),
)


def event_data(
    type: str, equipment: Equipment, about: str, step: str, *, check: str, draw: int
) -> dict[str, JSON]:
    """Return what a device sends about a recording at ``step``; ``check`` is the text beside a ticked box, ``about`` the
    tag of the machine."""
    match type:
        case "PHOTO":
            return {"caption": f"{about}: {step}"}
        case "VIDEO":
            return {"caption": f"{about}: {step}", "duration_seconds": 8 + draw % 50}
        case "TEXT":
            return {"text": _REMARKS[draw % len(_REMARKS)]}
        case "CHECKBOX":
            return {"name": check, "checked": True}
        case "QUIZ":
            question, options, right = _QUESTIONS[draw % len(_QUESTIONS)]
            given = right if draw // 8 % 5 else (right + 1) % len(options)
            return {
                "question": question,
                "options": list(options),
                "answer": options[given],
                "correct": given == right,
            }
        case _:
            return _measured(equipment.readings, draw)


def _measured(readings: Sequence[Reading], draw: int) -> dict[str, JSON]:
    """A reading lies within its limits nine times out of ten, else a little above."""
    reading, draw = readings[draw % len(readings)], draw // 8
    span = reading.high - reading.low
    share = (draw // 16 % 1000) / 1000
    value = reading.high + 0.2 * share * span + 0.01 if draw % 10 == 0 else reading.low + share * span
    value = round(value, reading.places)
    return {
        "name": reading.name,
        "value": value if reading.places else int(value),
        "unit": reading.unit,
        "low": reading.low,
        "high": reading.high,
        "within_limits": reading.low <= value <= reading.high,
    }
