"""By what a record is found: texts that it bears, kept in an index that never needs a search."""

from __future__ import annotations

from copy import copy
from functools import cache

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from simulator.wire import JSON
from simulator.world.marks import (
    CONTAINS,
    MATCH,
    Mark,
    asset_mark,
    bears,
    called_mark,
    external_mark,
    group_mark,
    listing_mark,
    marks_of,
)
from simulator.world.resources import Call, Group, Kind, License, Ref, ScenarioCatalog, ScenarioSession, User
from tests.world.worlds import Stage

SESSION, CALL, USER, CATALOG = Kind.SESSION, Kind.CALL, Kind.USER, Kind.CATALOG


@pytest.mark.parametrize(
    ("data", "way", "key", "value", "fits"),
    [
        pytest.param({"order": "WO-1"}, MATCH, "order", "WO-1", True, id="a text"),
        pytest.param({"order": 7}, MATCH, "order", "7", True, id="a number found as text"),
        pytest.param({"order": "7"}, MATCH, "order", 7, True, id="a text found as number"),
        pytest.param({"order": 7.0}, MATCH, "order", 7, True, id="a whole float"),
        pytest.param({"order": 1.5}, MATCH, "order", "1.5", True, id="a float"),
        pytest.param({"order": True}, MATCH, "order", "True", False, id="a truth is no value"),
        pytest.param({"order": None}, MATCH, "order", "None", False, id="nothing is no value"),
        pytest.param({"order": ["WO-1"]}, MATCH, "order", "WO-1", False, id="a list does not match"),
        pytest.param({"order": "WO-1"}, CONTAINS, "order", "WO-1", False, id="a text does not contain"),
        pytest.param({"parts": ["a", "b"]}, CONTAINS, "parts", "b", True, id="one of several"),
        pytest.param({"parts": ["a", 2, {}]}, CONTAINS, "parts", 2, True, id="several kinds"),
        pytest.param({"parts": ["ab"]}, CONTAINS, "parts", "a", False, id="a part of a text"),
        pytest.param({"in": {"order": "x"}}, MATCH, "order", "x", False, id="a deeper key"),
        pytest.param(["order"], MATCH, "order", "order", False, id="no mapping"),
        pytest.param(None, MATCH, "order", "x", False, id="nothing"),
    ],
)
def test_external_data_fits_by_key_and_value(
    data: JSON, way: str, key: str, value: str | float, *, fits: bool
) -> None:
    assert bears(data, external_mark(CALL, way, key, value)) is fits


def test_catalogs_and_users_bear_marks_and_other_kinds_none() -> None:
    catalog = ScenarioCatalog(number=1, name="x", external_asset_id="P-101", scenarios=(2, 5))
    user = User(number=2, first_name="A", last_name="B", username="a", email="a", groups=(1, 3))

    assert marks_of(catalog) == {asset_mark("P-101"), listing_mark(2), listing_mark(5)}
    assert marks_of(user) == {group_mark(3), called_mark(USER, "A B"), called_mark(USER, "a")}
    assert marks_of(Group(number=3, name="Nights")) == {called_mark(Kind.GROUP, "Nights")}
    assert marks_of(License(number=3, user=1, product="VIEWER")) == marks_of(None) == frozenset()


FEW = Stage(sessions=8, calls=5, users=9, groups=4, catalogs=3)
# The base never changes, so each mark is looked for in it once, not after each step.
FEW.base.marked = cache(FEW.base.marked)


class Index(RuleBasedStateMachine):
    """Whatever happens to records, the index finds exactly those that a search would."""

    values = st.sampled_from(["WO-10003", "WO-10004", "WO-1", 7, ["1001-SEAL"], ["a", "b"], None])

    def __init__(self) -> None:
        super().__init__()
        self.stage = copy(FEW)

    @rule(
        number=st.integers(1, 12),
        key=st.sampled_from(["work_order_id", "partNumbers", "other"]),
        value=values,
    )
    def update_session(self, number: int, key: str, value: JSON) -> None:
        if self.stage.view.get(Ref(SESSION, number)):
            self.stage.do("update", Ref(SESSION, number), {"externalData": {key: value}})

    @rule(value=values)
    def create(self, value: JSON) -> None:
        self.stage.do("create", SESSION, {"externalData": {"work_order_id": value}})
        self.stage.do("create", CALL, {"externalData": {"case_id": value}})

    @rule(number=st.integers(1, 8))
    def update_nothing(self, number: int) -> None:
        if self.stage.view.get(Ref(SESSION, number)):
            self.stage.do("update", Ref(SESSION, number))

    @rule(number=st.integers(1, 6), value=st.sampled_from(["CASE-2002", "x"]))
    def update_call(self, number: int, value: str) -> None:
        if self.stage.view.get(Ref(CALL, number)):
            self.stage.do("update", Ref(CALL, number), {"externalData": {"case_id": value}})

    @rule(kind=st.sampled_from([SESSION, CALL, CATALOG]), number=st.integers(1, 6))
    def delete(self, kind: Kind, number: int) -> None:
        if self.stage.view.get(Ref(kind, number)):
            self.stage.do("delete", Ref(kind, number))

    @rule(number=st.integers(2, 9), groups=st.sets(st.integers(1, 4)))
    def regroup(self, number: int, groups: set[int]) -> None:
        self.stage.do("update", Ref(USER, number), {"groups": [str(group) for group in sorted(groups)]})

    @rule(
        kind=st.sampled_from([USER, Kind.GROUP, Kind.SCENARIO]),
        number=st.integers(2, 4),
        name=st.sampled_from(["Ana Silva", "Nights"]),
    )
    def rename(self, kind: Kind, number: int, name: str) -> None:
        self.stage.do("update", Ref(kind, number), {"name": name})

    @rule(number=st.integers(1, 3), scenarios=st.sets(st.integers(1, 4)))
    def relist(self, number: int, scenarios: set[int]) -> None:
        if self.stage.view.get(Ref(CATALOG, number)):
            listed = [
                str(scenario) for scenario in scenarios if self.stage.view.get(Ref(Kind.SCENARIO, scenario))
            ]
            self.stage.do("update", Ref(CATALOG, number), {"scenarios": listed})

    @rule(number=st.integers(1, 5), asset=st.sampled_from([1, 2, "press 4"]))
    def reassign(self, number: int, asset: int | str) -> None:
        text = asset if isinstance(asset, str) else self.stage.base.tag(asset)
        if self.stage.view.get(Ref(CATALOG, number)):
            self.stage.do("update", Ref(CATALOG, number), {"externalAssetId": text})
        else:
            self.stage.do("create", CATALOG, {"externalAssetId": text})

    @invariant()
    def the_index_agrees_with_a_search(self) -> None:
        view, world = self.stage.view, self.stage.world
        borne: dict[Mark, list[int]] = {}
        for kind in (SESSION, CALL, CATALOG, USER, Kind.GROUP, Kind.SCENARIO):
            for number in world.all(kind):
                for mark in marks_of(view.get(Ref(kind, number))):
                    borne.setdefault(mark, []).append(number)
        asked = [*borne, *(external_mark(SESSION, MATCH, "work_order_id", f"WO-{n}") for n in (1, 10_003))]
        asked += [external_mark(CALL, MATCH, "case_id", "CASE-2002"), *map(group_mark, range(2, 5))]
        asked += [external_mark(SESSION, CONTAINS, "partNumbers", "1001-SEAL"), asset_mark("nothing")]
        asked += map(listing_mark, range(1, 9))

        assert {mark: list(world.marked(mark)) for mark in asked} == {
            mark: borne.get(mark, []) for mark in asked
        }


TestIndex = Index.TestCase
TestIndex.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def test_the_base_is_found_by_arithmetic_alone() -> None:
    stage = Stage(sessions=1_000_000, calls=1_000_000, users=100_000, catalogs=100_000, scenarios=1_000_000)
    world = stage.world
    scenario = next(n for n in range(1, 99) if stage.base.procedure(n).task.parts)
    part = f"{1000 + scenario}-{stage.base.procedure(scenario).task.parts[0]}"

    found = {
        "session": list(world.marked(external_mark(SESSION, MATCH, "work_order_id", "WO-777777"))),
        "call": list(world.marked(external_mark(CALL, MATCH, "case_id", "CASE-654321"))),
        "catalog": list(world.marked(asset_mark(stage.base.tag(99_999)))),
        "listing": list(world.marked(listing_mark(999_999))),
        "none": [
            *world.marked(external_mark(SESSION, MATCH, "work_order_id", "WO-1010001")),
            *world.marked(external_mark(SESSION, MATCH, "colour", "red")),
            *world.marked(listing_mark(1_000_001)),
            *world.marked(external_mark(SESSION, CONTAINS, "colours", "red")),
            *world.marked(external_mark(SESSION, CONTAINS, "partNumbers", "9-SEAL")),
            *world.marked(external_mark(SESSION, CONTAINS, "partNumbers", f"{1000 + scenario}-NONE")),
            *world.marked(external_mark(CALL, MATCH, "colour", "red")),
            *world.marked(external_mark(CALL, CONTAINS, "case_id", "CASE-2001")),
        ],
    }
    many = world.marked(external_mark(SESSION, CONTAINS, "partNumbers", part))
    members = world.marked(group_mark(2))
    scenarios = [
        (n, world.marked(called_mark(Kind.SCENARIO, stage.base.procedure(n).name))) for n in (7, 765_432)
    ]

    assert found == {
        "session": [767_777],
        "call": [652_321],
        "catalog": [99_999],
        "listing": [99_999],
        "none": [],
    }
    assert len(many) > 100
    assert len(members) > 10_000
    assert [(number, list(called)) for number, called in scenarios] == [(7, [7]), (765_432, [765_432])]
    assert stage.base.derived == 0
    for number in (many[0], many[-1]):
        data = world.need(ScenarioSession, number).external_data
        assert isinstance(data, dict)
        assert part in (data["partNumbers"] or ())
    assert 2 in world.need(User, members[-1]).groups
    assert world.need(Call, 652_321).external_data == {"case_id": "CASE-654321"}


def test_with_one_group_nobody_is_in_another() -> None:
    assert list(Stage(groups=1).world.marked(group_mark(2))) == []


def test_people_and_groups_of_a_large_world_are_found_by_their_numbers() -> None:
    stage = Stage(users=1_000_000, groups=1000)
    user = stage.world.need(User, 765_432)
    group = stage.world.need(Group, 777)
    before = stage.base.derived

    found = [
        list(stage.world.marked(called_mark(kind, text)))
        for kind, text in (
            (USER, user.username),
            (USER, user.email),
            (USER, user.name),
            (USER, stage.world.need(User, 5).name),
            (Kind.GROUP, group.name),
            (Kind.GROUP, "Quality"),
        )
    ]

    assert found == [[765_432], [765_432], [], [5], [777], [7]]
    assert stage.base.derived - before <= 111


@pytest.mark.parametrize("text", ["Dance P-201", "Seal replacement X-201", "Seal replacement P-99999", "x"])
def test_what_no_scenario_is_called_finds_none(text: str) -> None:
    assert list(Stage().world.marked(called_mark(Kind.SCENARIO, text))) == []


def test_scenarios_of_the_same_name_are_told_apart_as_variants() -> None:
    stage = Stage(scenarios=20, catalogs=2)
    names = [stage.base.procedure(n).name for n in range(1, 21)]

    assert len(set(names)) == 20
    assert [list(stage.world.marked(called_mark(Kind.SCENARIO, name))) for name in names] == [
        [n] for n in range(1, 21)
    ]
    assert list(stage.world.marked(called_mark(Kind.SCENARIO, f"{names[0]}, variant 1"))) == []


def test_without_catalogs_every_scenario_has_a_machine_of_its_own() -> None:
    stage = Stage(scenarios=5, catalogs=0)

    tags = {stage.base.procedure(n).tag for n in range(1, 6)}

    assert len(tags) == 5
    assert len(stage.world.all(CATALOG)) == 0
    assert list(stage.world.marked(asset_mark(min(tags)))) == []
