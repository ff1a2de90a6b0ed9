"""Which fault strikes: how often, by what chance, for how long, and what is told of it."""

from __future__ import annotations

import pytest

from simulator.clock import Moment
from simulator.errors import NotFoundError, UsageError
from simulator.faults import Aimed, AttemptTrouble, Faults, PlanTrouble, RequestTrouble
from simulator.journal import Asked, DeliveryPlanned, FaultNoted
from simulator.seeds import Seed
from simulator.settings.faults import read_faults

START = Moment(1_000_000)
ASKING = Aimed("graphql", "POST", "Q")


def faults_of(*lines: str, seed: int = 1) -> tuple[Faults, list[FaultNoted]]:
    told: list[FaultNoted] = []
    faults = Faults(Seed(seed), told.append)
    faults.put(read_faults(lines), START, exists=lambda known: known == "s1")
    return faults, told


def planned(number: int, word: str = "create") -> DeliveryPlanned:
    return DeliveryPlanned(number, "http://127.0.0.1:9/", word, "ScenarioSession", "s1")


def plan(faults: Faults, number: int, *, now: Moment = START, copy: bool = False) -> PlanTrouble:
    return faults.on_plan(planned(number), now, copy=copy)


def attempt(faults: Faults, number: int, nth: int = 1, *, signed: bool = False) -> AttemptTrouble:
    return faults.on_attempt(planned(number), nth, START, signed=signed)


def request(
    faults: Faults, number: int = 1, *, aimed: Aimed = ASKING, received: float = 0.0
) -> RequestTrouble:
    return faults.on_request(aimed, number, START, received)


# ------------------------------------------------------------------------------------------------- how often, how long


def test_so_many_times_and_then_no_more():
    faults, told = faults_of("delivery.drop,times=2")

    assert [plan(faults, number).drop for number in (1, 2, 3)] == [True, True, False]
    assert not faults.delivery
    assert told[1:] == [FaultNoted(1, "delivery.drop,times=2", "ended", 2, 2)]


def test_for_a_while_from_when_it_was_set():
    faults, _ = faults_of("delivery.drop,for=10s")

    assert plan(faults, 1, now=Moment(START + 9_999)).drop
    assert not plan(faults, 2, now=Moment(START + 10_000)).drop
    assert [one.over for one in faults.all("delivery", START)] == [True]


def test_end_of_its_time_is_seen_by_whoever_looks():
    faults, told = faults_of("api.hang_up,for=10s")

    assert faults.api
    assert [one.over for one in faults.all("api", Moment(START + 10_000))] == [True]
    assert not faults.api
    assert told[1:] == [FaultNoted(1, "api.hang_up,for=10s", "ended", 0, 0)]


def test_times_count_strikes_not_matches():
    faults, told = faults_of("delivery.drop,chance=0.5,times=3")

    struck = [number for number in range(1, 50) if plan(faults, number).drop]

    assert len(struck) == 3
    assert told[-1] == FaultNoted(1, "delivery.drop,times=3,chance=0.5", "ended", struck[-1], 3)


def test_chance_is_what_the_seed_makes_it_and_nothing_else():
    def struck(seed: int, *before: str) -> list[int]:
        faults, _ = faults_of("delivery.drop,chance=0.3", *before, seed=seed)
        return [number for number in range(1, 200) if plan(faults, number).drop]

    assert struck(7) == struck(7, "delivery.delay=3s")
    assert struck(7) != struck(8)
    assert 30 < len(struck(7)) < 90


def test_each_attempt_and_each_request_has_its_own_chance():
    faults, _ = faults_of("delivery.unreachable,chance=0.5", "api.hang_up,chance=0.5")

    attempts = {attempt(faults, 1, nth).unreachable for nth in range(1, 20)}
    requests = {request(faults, number).hang_up for number in range(1, 20)}

    assert (attempts, requests) == ({True, False}, {True, False})


# ------------------------------------------------------------------------------------------------ setting and telling


def test_new_faults_take_the_place_of_those_on_the_same_side():
    faults, told = faults_of("delivery.drop", "api.hang_up")

    faults.put(read_faults(["delivery.delay=3s"]), START, exists=bool, sides=["delivery"])

    assert [one.fault.line for one in faults.all("delivery", START)] == ["delivery.delay=3s"]
    assert [one.number for one in faults.all("api", START)] == [2]
    assert told == [
        FaultNoted(1, "delivery.drop", "set"),
        FaultNoted(2, "api.hang_up", "set"),
        FaultNoted(1, "delivery.drop", "ended"),
        FaultNoted(3, "delivery.delay=3s", "set"),
    ]


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        (
            "delivery.drop,event=finshed",
            UsageError,
            "delivery.drop,event=finshed: no event of a resource is called 'finshed'. Did you mean finished? "
            "The event of a raw webhook needs its type beside it.",
        ),
        ("api.hang_up,of=s2", NotFoundError, "api.hang_up,of=s2: there is no resource with the id 's2'."),
    ],
)
def test_fault_that_could_never_strike_changes_nothing(line: str, kind: type[UsageError], text: str):
    faults, told = faults_of("delivery.drop,of=s1")

    with pytest.raises(kind) as caught:
        faults.put(read_faults(["delivery.delay=3s", line]), START, exists=lambda known: known == "s1")

    assert str(caught.value) == text
    assert [one.fault.line for one in faults.all("delivery", START)] == ["delivery.drop,of=s1"]
    assert len(told) == 1


def test_idle_faults_are_told_of():
    faults, told = faults_of("delivery.drop", "delivery.delay=3s,event=update", "api.hang_up,for=1s")
    plan(faults, 1)

    faults.tell_idle(Moment(START + 1000))

    assert told[3:] == [
        FaultNoted(2, "delivery.delay=3s,event=update", "idle"),
        FaultNoted(3, "api.hang_up,for=1s", "ended"),
    ]


# ------------------------------------------------------------------------------------------------------- deliveries


def test_plan_says_all_that_is_to_go_wrong():
    faults, _ = faults_of(
        "delivery.duplicate=2", "delivery.reorder=3", "delivery.delay=3s", "delivery.early=2s"
    )

    trouble = plan(faults, 1)

    assert trouble == PlanTrouble(
        copies=2,
        behind=trouble.behind,
        delay=3000,
        early=2000,
        faults=(
            "fault 1 (delivery.duplicate=2)",
            "fault 2 (delivery.reorder=3)",
            "fault 3 (delivery.delay=3s)",
            "fault 4 (delivery.early=2s)",
        ),
    )
    assert {plan(faults, number).behind for number in range(1, 50)} == {1, 2, 3}


def test_dropped_delivery_uses_up_no_other_fault():
    faults, _ = faults_of("delivery.delay=3s,times=1", "delivery.drop,times=1")

    assert plan(faults, 1) == PlanTrouble(drop=True, faults=("fault 2 (delivery.drop)",))
    assert plan(faults, 2) == PlanTrouble(delay=3000, faults=("fault 1 (delivery.delay=3s)",))
    assert plan(faults, 3) == PlanTrouble()


def test_copy_is_neither_dropped_nor_copied_again():
    faults, _ = faults_of("delivery.drop", "delivery.duplicate=2", "delivery.early=2s", "delivery.delay=3s")

    assert plan(faults, 1, copy=True) == PlanTrouble(delay=3000, faults=("fault 4 (delivery.delay=3s)",))


def test_first_of_two_alike_decides():
    faults, _ = faults_of("delivery.delay=3s,event=update", "delivery.delay=4s,times=1", "delivery.delay=5s")

    assert [plan(faults, number).delay for number in (1, 2)] == [4000, 5000]


@pytest.mark.parametrize(
    ("lines", "trouble"),
    [
        (["api.hang_up"], AttemptTrouble()),
        (
            ["delivery.unreachable", "delivery.damage=big"],
            AttemptTrouble(unreachable=True, faults=("fault 1 (delivery.unreachable)",)),
        ),
        (
            ["delivery.answer_lost", "delivery.damage=big"],
            AttemptTrouble(
                answer_lost=True,
                damage="big",
                faults=("fault 1 (delivery.answer_lost)", "fault 2 (delivery.damage=big)"),
            ),
        ),
        (["delivery.damage=missign"], AttemptTrouble()),
    ],
)
def test_attempt_says_all_that_is_to_go_wrong(lines: list[str], trouble: AttemptTrouble):
    assert attempt(faults_of(*lines)[0], 1) == trouble


@pytest.mark.parametrize("damage", ["missign", "unsigned"])
def test_only_a_signed_post_loses_its_signature(damage: str):
    faults, _ = faults_of(f"delivery.damage={damage},times=1")

    assert attempt(faults, 1).damage is None
    assert attempt(faults, 1, signed=True).damage == damage


# --------------------------------------------------------------------------------------------------------- requests


def test_request_says_all_that_is_to_go_wrong():
    faults, _ = faults_of("api.unauthorized_node", "api.lag=5s", "api.latency=200ms", "api.slow_body=1s")

    trouble = request(faults)

    assert trouble == RequestTrouble(
        reply=read_faults(["api.unauthorized_node"])[0],
        lag=5000,
        latency=0.2,
        drip=1.0,
        faults=(
            "fault 1 (api.unauthorized_node)",
            "fault 2 (api.lag=5s)",
            "fault 3 (api.latency=200ms)",
            "fault 4 (api.slow_body=1s)",
        ),
    )


def test_request_that_is_not_carried_out_sees_no_older_world():
    faults, _ = faults_of("api.status=503,retry_after=1500ms,times=1", "api.lag=5s", "api.hang_up")

    first, second = request(faults, 1), request(faults, 2)

    assert (first.reply, first.wait, first.lag, first.hang_up) == (
        read_faults(["api.status=503,retry_after=1500ms,times=1"])[0],
        2,
        0,
        True,
    )
    assert (second.reply, second.wait, second.lag) == (None, None, 5000)


def test_fault_of_one_route_leaves_others_alone():
    faults, _ = faults_of("api.graphql_error=no", "api.status=503,of=s1")

    assert request(faults, aimed=Aimed("sign_in", "POST")) == RequestTrouble()
    assert request(faults, aimed=Aimed("object", "GET", asked=(Asked("s1", frozenset()),))).reply is not None


def test_rate_limit_strikes_what_is_beyond_it():
    faults, told = faults_of("api.rate_limit=2/s,times=3")

    received = (0.0, 0.4, 0.5, 0.9, 1.0, 1.2, 1.4)
    waits = [request(faults, number, received=at).wait for number, at in enumerate(received, 1)]

    assert waits == [None, None, 1, 1, None, 1, None]
    assert told[-1] == FaultNoted(1, "api.rate_limit=2/s,times=3", "ended", 6, 3)


def test_rate_limit_says_how_long_to_wait():
    faults, _ = faults_of("api.rate_limit=1/m")

    assert [request(faults, received=at).wait for at in (0.0, 0.5, 58.5)] == [None, 60, 2]


def test_onlooker_is_told_how_far_behind_it_would_be_and_counts_nothing():
    faults, told = faults_of(
        "api.lag=9s,for=1s",
        "api.lag=1s,route=sessions",
        "api.lag=2s,of=s1",
        "api.lag=3s,chance=0.5",
    )
    object_of_another = Aimed("object", "GET", asked=(Asked("s2", frozenset()),))

    at_once = faults.behind(ASKING, 1, START)
    behind = [faults.behind(ASKING, number, Moment(START + 2000)) for number in range(1, 9)]
    real = [request(faults, number).lag for number in range(1, 9)]

    assert at_once == (9000, ("fault 1 (api.lag=9s)",))
    assert set(behind) == {(0, ()), (3000, ("fault 4 (api.lag=3s)",))}
    assert faults.behind(object_of_another, 2, Moment(START + 2000)) in behind
    assert faults.behind(
        Aimed("object", "GET", asked=(Asked("s1", frozenset()),)), 1, Moment(START + 2000)
    ) == (
        2000,
        ("fault 3 (api.lag=2s)",),
    )
    assert real == [9000] * 8
    assert [fact.state for fact in told] == ["set"] * 4
