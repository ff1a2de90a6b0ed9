"""The machines of the plant: what is measured on each class of them, what is done to it, and how it is tried out.

A table alone; believable, and nobody's real procedure.
"""

from __future__ import annotations

import re

from simulator.world.plant import COMMON, Action, Equipment, Reading, Task

__all__ = ["EQUIPMENT", "LETTERS", "action_called", "equipment_in"]

_ROTATING_TRIAL = (
    Action("Turn the shaft by hand", 2, ("Turns freely",)),
    Action("Start without load", 5),
    Action("Listen for unusual noise", 3, ("No unusual noise",)),
    Action("Bring to working load", 8),
    Action("Take the readings under load", 6, ("Readings within limits",)),
)
_STATIC_TRIAL = (
    Action("Open the isolating valves slowly", 6),
    Action("Watch the pressure come up", 5, ("Pressure steady",)),
    Action("Look for leaks", 4, ("No leak visible",)),
    Action("Take the readings in operation", 6, ("Readings within limits",)),
)

_PUMP = Equipment(
    "centrifugal pump",
    "P",
    (
        Reading("Bearing temperature", "°C", 35, 75),
        Reading("Vibration velocity", "mm/s", 0.6, 4.5, 2),
        Reading("Discharge pressure", "bar", 5.2, 7.8),
    ),
    (
        Task(
            "Seal replacement",
            "Replace the mechanical seal of",
            (
                Action("Drain and vent the casing", 8, ("Drain valve open", "Gauge shows no pressure")),
                Action("Pull the back cover", 12),
                Action("Take out the worn seal", 9),
                Action("Clean the shaft and the seal housing", 10, ("No scoring on the shaft",)),
                Action("Fit the new seal", 15, ("Seal faces clean",)),
                Action("Refit the cover and torque the bolts", 12, ("Torque confirmed",)),
            ),
            ("SEAL", "ORNG"),
        ),
        Task(
            "Bearing inspection",
            "Inspect the bearings of",
            (
                Action("Listen to the bearings", 3),
                Action("Measure the bearing temperature", 4),
                Action("Measure the vibration", 5),
                Action("Check the oil level and colour", 3, ("Oil is clear",)),
                Action("Check the bearing housing for leaks", 3, ("No leak visible",)),
            ),
        ),
        Task(
            "Coupling alignment",
            "Align the coupling of",
            (
                Action("Take off the coupling guard", 4),
                Action("Check for soft foot", 8, ("No soft foot",)),
                Action("Mount the laser and take a reading", 9),
                Action("Correct the height with shims", 14),
                Action("Take the reading again", 6, ("Offset below 0.05 mm",)),
            ),
            ("SHIM",),
        ),
    ),
    _ROTATING_TRIAL,
)
_COMPRESSOR = Equipment(
    "screw compressor",
    "K",
    (
        Reading("Oil temperature", "°C", 60, 95),
        Reading("Discharge pressure", "bar", 6.5, 9.5),
        Reading("Filter differential pressure", "mbar", 20, 250, 0),
    ),
    (
        Task(
            "Oil change",
            "Change the oil and the oil filter of",
            (
                Action("Relieve the pressure", 6, ("Gauge shows no pressure",)),
                Action("Drain the warm oil", 12),
                Action("Change the oil filter", 7, ("Old gasket removed",)),
                Action("Fill to the mark", 8, ("Oil at the upper mark",)),
                Action("Take an oil sample", 4, ("Sample labelled",)),
            ),
            ("OILF", "GSKT"),
        ),
        Task(
            "Intake filter replacement",
            "Replace the intake filter of",
            (
                Action("Open the filter housing", 3),
                Action("Take out the filter element", 4),
                Action("Wipe the housing from inside", 5, ("No dust behind the filter",)),
                Action("Fit the new element", 4, ("Seal sits evenly",)),
            ),
            ("FLTR",),
        ),
    ),
    _ROTATING_TRIAL,
)
_EXCHANGER = Equipment(
    "heat exchanger",
    "E",
    (
        Reading("Outlet temperature", "°C", 38, 62),
        Reading("Differential pressure", "mbar", 80, 420, 0),
        Reading("Flange torque", "Nm", 140, 180, 0),
    ),
    (
        Task(
            "Bundle cleaning",
            "Clean the tube bundle of",
            (
                Action("Drain both sides", 15, ("Both drains run dry",)),
                Action("Open the channel cover", 18),
                Action("Rinse the tubes", 25),
                Action("Inspect the tube sheet", 8, ("No cracks visible",)),
                Action("Fit a new gasket and close", 20, ("Torque confirmed",)),
            ),
            ("GSKT",),
        ),
        Task(
            "Flange tightening",
            "Tighten and torque the flanges of",
            (
                Action("Mark the bolts in their order", 3),
                Action("Tighten crosswise to a third", 7),
                Action("Tighten crosswise to two thirds", 7),
                Action("Tighten to the stated value", 8, ("Torque confirmed",)),
                Action("Go round once more", 4, ("No bolt turns",)),
            ),
        ),
    ),
    _STATIC_TRIAL,
)
_GEARBOX = Equipment(
    "gearbox",
    "G",
    (
        Reading("Oil temperature", "°C", 45, 85),
        Reading("Tooth backlash", "mm", 0.12, 0.3, 2),
        Reading("Vibration velocity", "mm/s", 0.8, 4.5, 2),
    ),
    (
        Task(
            "Gear inspection",
            "Inspect the gears of",
            (
                Action("Open the inspection cover", 6),
                Action("Photograph the tooth flanks", 6, ("No pitting",)),
                Action("Measure the backlash", 9),
                Action("Check the magnetic plug", 4, ("No metal flakes",)),
                Action("Close the inspection cover", 6, ("Gasket replaced",)),
            ),
            ("GSKT",),
        ),
        Task(
            "Oil change",
            "Change the oil of",
            (
                Action("Take an oil sample", 4, ("Sample labelled",)),
                Action("Drain the warm oil", 14),
                Action("Clean the breather", 5),
                Action("Fill to the mark", 9, ("Oil at the upper mark",)),
            ),
            ("BRTH",),
        ),
    ),
    _ROTATING_TRIAL,
)
_VALVE = Equipment(
    "control valve",
    "FV",
    (
        Reading("Position at 50 %", "%", 49, 51),
        Reading("Supply air pressure", "bar", 1.4, 4.2),
        Reading("Stroke time", "s", 3, 9),
    ),
    (
        Task(
            "Positioner calibration",
            "Calibrate the positioner of",
            (
                Action("Put the loop on manual", 3, ("Control room has agreed",)),
                Action("Check the air supply", 3),
                Action("Set zero and span", 12),
                Action("Step through five points", 10, ("All five within 1 %",)),
            ),
        ),
        Task(
            "Packing replacement",
            "Replace the stem packing of",
            (
                Action("Loosen the gland nuts", 4),
                Action("Take out the old packing", 10, ("All rings out",)),
                Action("Clean and inspect the stem", 7, ("No scratches on the stem",)),
                Action("Fit the new rings", 12),
                Action("Tighten the gland evenly", 5, ("Stem moves freely",)),
            ),
            ("PACK",),
        ),
    ),
    _STATIC_TRIAL,
)
_CONVEYOR = Equipment(
    "conveyor drive",
    "CV",
    (
        Reading("Motor current", "A", 11, 19),
        Reading("Chain sag", "mm", 10, 25, 0),
        Reading("Drum temperature", "°C", 25, 60),
    ),
    (
        Task(
            "Chain tensioning",
            "Tension the drive chain of",
            (
                Action("Take off the chain guard", 4),
                Action("Clean and oil the chain", 7),
                Action("Measure the sag", 4),
                Action("Turn the tensioner", 6, ("Both sides even",)),
                Action("Measure the sag again", 4, ("Sag within limits",)),
            ),
        ),
        Task(
            "Scraper replacement",
            "Replace the belt scraper of",
            (
                Action("Loosen the scraper's arm", 5),
                Action("Take off the worn blade", 5),
                Action("Fit the new blade", 8, ("Blade straight",)),
                Action("Set the pressure on the belt", 6),
            ),
            ("BLAD",),
        ),
    ),
    _ROTATING_TRIAL,
)
_SWITCHGEAR = Equipment(
    "switchgear panel",
    "SW",
    (
        Reading("Contact resistance", "µΩ", 20, 60, 0),
        Reading("Insulation resistance", "MΩ", 200, 900, 0),
        Reading("Busbar temperature", "°C", 28, 65),
    ),
    (
        Task(
            "Thermography",
            "Look for hot spots in",
            (
                Action("Open the inspection window", 3),
                Action("Photograph the terminals", 8),
                Action("Photograph the busbar joints", 8, ("No joint above 65 °C",)),
                Action("Note the load of each feeder", 5),
            ),
        ),
        Task(
            "Breaker test",
            "Test the circuit breakers of",
            (
                Action("Rack the breaker out", 6, ("Earthing switch closed",)),
                Action("Measure the contact resistance", 8),
                Action("Trip and close five times", 7, ("Tripped each time",)),
                Action("Measure the insulation", 8),
                Action("Rack the breaker in", 6, ("Interlock checked",)),
            ),
        ),
    ),
    (
        Action("Close the panel", 3, ("All doors closed",)),
        Action("Energise the feeder", 5, ("Control room has agreed",)),
        Action("Check the indicators", 3, ("No alarm",)),
        Action("Take the readings in operation", 6, ("Readings within limits",)),
    ),
)

EQUIPMENT = (_PUMP, _COMPRESSOR, _EXCHANGER, _GEARBOX, _VALVE, _CONVEYOR, _SWITCHGEAR)
LETTERS = tuple(one.letters for one in EQUIPMENT)

_BY_NAME = {
    action.name: action
    for equipment in EQUIPMENT
    for actions in (COMMON, equipment.trial, *(task.work for task in equipment.tasks))
    for action in actions
}


def action_called(name: str) -> Action | None:
    """Return the action with this name, or None when the plant knows none."""
    return _BY_NAME.get(name)


_TAG = re.compile(rf"\b({'|'.join(LETTERS)})-?[0-9]+")


def equipment_in(name: str) -> Equipment | None:
    """Return the class of the machine whose tag stands in a name, such as P-101."""
    match = _TAG.search(name)
    return EQUIPMENT[LETTERS.index(match[1])] if match else None
