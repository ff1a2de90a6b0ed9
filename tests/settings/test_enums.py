"""The spelling of enums: ours unless the user knows better, and never ambiguous."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.settings import Settings, resolve
from simulator.settings.enums import ENUMS, enum_names, spelling

STATE, CALL, ITEM = "ScenarioSessionStateEnum", "CallStateEnum", "ScenarioStepItemTypeEnum"


def test_a_value_is_respelt_in_every_enum_that_has_it_or_in_one() -> None:
    spelt = spelling((("CallStateEnum.FINISHED", "ended"), ("FINISHED", "completed")))

    assert (spelt.wire(STATE, "FINISHED"), spelt.wire(CALL, "FINISHED")) == ("completed", "ended")
    assert (spelt.ours(STATE, "completed"), spelt.ours(CALL, "ended")) == ("FINISHED", "FINISHED")
    assert (spelt.wire(STATE, "PAUSED"), spelt.ours(STATE, "FINISHED")) == ("PAUSED", "FINISHED")
    assert spelt.wire("OrderDirectionEnum", "ASC") == "ASC"


@pytest.mark.parametrize("enum", ENUMS)
def test_without_a_setting_every_value_is_spelt_as_ours(enum: str) -> None:
    spelt = spelling(())

    assert [spelt.wire(enum, value) for value in ENUMS[enum]] == list(ENUMS[enum])
    assert [spelt.ours(enum, value) for value in ENUMS[enum]] == list(ENUMS[enum])


@pytest.mark.parametrize(
    "given",
    [
        {"PHOTO": "photo", "FINISHED": "completed"},
        "FINISHED=completed, PHOTO = photo",
        (("PHOTO", "photo"), ("FINISHED", "completed")),
    ],
    ids=["mapping", "text", "pairs"],
)
def test_names_are_read_from_mappings_and_text(given: object) -> None:
    assert enum_names().read(given) == (("FINISHED", "completed"), ("PHOTO", "photo"))


def test_a_table_of_the_configuration_file_names_them(tmp_path) -> None:
    file = tmp_path / "scope.toml"
    file.write_text('[enum_names]\nPHOTO = "photo"\n"CallStateEnum.FINISHED" = "ended"\n')

    settings = resolve(config=file).settings

    assert settings.enum_names == (("CallStateEnum.FINISHED", "ended"), ("PHOTO", "photo"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            {"FOTO": "x"},
            "enum_names: no enum has the value 'FOTO'. Did you mean PHOTO?",
            id="unknown value",
        ),
        pytest.param(
            {"PHOTO": "a photo"},
            "enum_names: PHOTO cannot be spelt so; expected a name of letters, digits and _, found 'a photo'.",
            id="no name",
        ),
        pytest.param(
            {"PHOTO": "true"},
            "enum_names: PHOTO cannot be spelt so; expected a name of letters, digits and _, found 'true'.",
            id="reserved",
        ),
        pytest.param(
            {"PHOTO": "VIDEO"},
            "enum_names: two values of ScenarioStepItemTypeEnum would be spelt 'VIDEO'.",
            id="twice",
        ),
        pytest.param(
            7,
            "enum_names: the value does not fit; expected a mapping of names to names, such as PHOTO=photo, found 7.",
            id="no mapping",
        ),
        pytest.param(
            ["ab"],
            "enum_names: the value does not fit; expected a mapping of names to names, such as PHOTO=photo, "
            "found ['ab'].",
            id="a list",
        ),
    ],
)
def test_wrong_names_are_told(given: object, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        Settings().replace(enum_names=given)

    assert str(caught.value).startswith(expected)


def test_two_values_may_change_places() -> None:
    spelt = spelling(enum_names().read({"PHOTO": "VIDEO", "VIDEO": "PHOTO"}))

    assert (spelt.wire(ITEM, "PHOTO"), spelt.ours(ITEM, "PHOTO")) == ("VIDEO", "VIDEO")


def test_names_are_written_as_a_configuration_file_holds_them() -> None:
    form = enum_names()

    assert form.write(form.read("FINISHED=completed,PHOTO=photo")) == {
        "FINISHED": "completed",
        "PHOTO": "photo",
    }
