"""A target is a value: an id and the URL that is posted to."""

from __future__ import annotations

from dataclasses import replace

from simulator.webhooks.targets import Standing, Target, Targets


def test_target_is_its_id_and_its_url():
    assert (
        Target("1", "http://localhost/")
        == Target("1", "http://localhost/")
        != Target("2", "http://localhost/")
    )


def test_watcher_is_told_of_whatever_changes_with_a_target():
    targets, told = Targets(), []
    targets.watcher = lambda one, standing: told.append(
        (one, None if standing is None else replace(standing))
    )
    one = Target("1", "http://localhost/")

    targets.callback(one.url)
    targets.add(one.url)
    targets.add(one.url)
    standing = targets.standing("1")
    targets.fared(standing, ok=True)
    targets.fared(standing, ok=False)
    targets.fared(standing, ok=False)
    targets.disable(standing, "it answered 410")
    targets.enable(standing)
    targets.remove("1")

    assert told == [
        ("1", Standing(one, callback=True)),
        ("1", Standing(one)),
        ("1", Standing(one, failures=1)),
        ("1", Standing(one, failures=2)),
        ("1", Standing(one, failures=2, disabled="it answered 410")),
        ("1", Standing(one)),
        ("1", None),
    ]


def test_ids_go_on_from_those_that_another_gave_out():
    targets = Targets()
    standing = Standing(Target("2", "http://localhost/"), failures=3)

    targets.restore(4, [standing])
    targets.add("http://localhost/new")

    assert targets.standings == [standing, Standing(Target("5", "http://localhost/new"))]
    assert targets.added == 5
