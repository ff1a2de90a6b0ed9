"""The receiver as it was recorded: its answers, and what it asked, in its order."""

from __future__ import annotations

from simulator.box.receiver import RecordedReceiver
from simulator.wire import Attempt, Outcome, Request


def attempt(delivery: int, number: int = 1) -> Attempt:
    return Attempt(delivery, number, "http://x/", (), b"", 1.0)


def outcome(entry: int, delivery: int, status: int | None, number: int = 1, **more: object) -> dict:
    plain = {"error": None, "took": 0.25, "answer": {"headers": [["server", "x"]], "body": "ok"}}
    return (
        {"number": entry, "kind": "outcome", "delivery": delivery, "attempt": number, "status": status}
        | plain
        | more
    )


def request(entry: int, path: str, **body: str) -> dict:
    asked = {"method": "POST", "path": path, "query": {"a": "b"}, "headers": [["x", "y"]]}
    return {"number": entry, "kind": "request"} | asked | (body or {"body": ""})


def driven(entry: int, kind: str = "attempt") -> dict:
    return {"number": entry, "kind": kind}


def paths(requests) -> list[str]:
    return [one.path for one in requests]


def test_answers_are_given_again_once_each():
    receiver = RecordedReceiver(
        [
            driven(1),
            outcome(2, 1, 500),
            outcome(3, 1, None, 2, error="connection refused"),
            outcome(4, 1, 200, 2),
        ]
    )

    first, second, third = (receiver.answer(attempt(1, n)).outcome for n in (1, 2, 2))

    assert first == Outcome(500, None, {"server": "x"}, b"ok", 0.25)
    assert (second.status, second.error, third.status) == (None, "connection refused", 200)
    assert receiver.answer(attempt(1, 2)) is None
    assert receiver.answer(attempt(2)) is None


def test_requests_come_before_and_after_the_answer_as_they_did():
    receiver = RecordedReceiver(
        [
            request(1, "/early"),
            driven(2),
            request(3, "/while"),
            outcome(4, 1, 200),
            request(5, "/after"),
            driven(6, "step"),
            request(7, "/late"),
            driven(8),
            outcome(9, 2, 200),
            request(10, "/last"),
        ]
    )

    first, second = receiver.answer(attempt(1)), receiver.answer(attempt(2))

    assert (paths(first.before), paths(first.after)) == (["/early", "/while"], ["/after"])
    assert (paths(second.before), paths(second.after)) == (["/late"], ["/last"])


def test_requests_up_to_an_entry_are_asked_once():
    receiver = RecordedReceiver([request(1, "/a"), request(5, "/b", body_base64="/w=="), request(9, "/c")])

    assert receiver.asked_until(5) == [
        Request("POST", "/a", {"a": "b"}, {"x": "y"}, b""),
        Request("POST", "/b", {"a": "b"}, {"x": "y"}, b"\xff"),
    ]
    assert paths(receiver.rest()) == ["/c"]
    assert receiver.rest() == []


def test_body_that_was_cut_is_what_there_is_of_it():
    receiver = RecordedReceiver([outcome(1, 1, 200, answer={"headers": [], "body_base64": "/////w"})])

    assert receiver.answer(attempt(1)).outcome.body == b"\xff\xff\xff"


def test_what_was_undone_happened_too():
    undone = [
        {"number": one["number"], "kind": "undone", "was": one} for one in (driven(1), outcome(2, 1, 500))
    ]
    receiver = RecordedReceiver([*undone, driven(3), outcome(4, 1, 200)])

    assert [receiver.answer(attempt(1)).outcome.status for _ in range(2)] == [500, 200]


def test_questions_are_answered_as_they_were_and_the_last_answer_stays():
    def probe(status: int) -> dict:
        told = {"status": status, "error": None, "took": 0.5, "headers": [["a", "b"]], "body": "{}"}
        return {"method": "GET", "url": "http://x/state"} | told

    receiver = RecordedReceiver([], [probe(404), probe(200)])

    told = [receiver.told("GET", "http://x/state") for _ in range(3)]

    assert [one.status for one in told] == [404, 200, 200]
    assert told[0] == Outcome(404, None, {"a": "b"}, b"{}", 0.5)
    assert receiver.told("POST", "http://x/state") is None
