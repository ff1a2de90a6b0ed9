"""What is sent of a script, and the way back from its places."""

from __future__ import annotations

from simulator.cli.sending import Sent
from simulator.script import open_script, variants_of

SCRIPT = "title: t\nvars: {n: 1}\nsteps:\n  - wait: ${n}s\n  - expect: {answered: {event: seen}}\n"


def test_a_script_is_sent_as_it_was_written(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(SCRIPT)

    sent = Sent(str(file), open_script(str(file)), "again")

    assert (sent.text, sent.translated(f"{file}:1:1: x")) == (SCRIPT, f"{file}:1:1: x")
    assert Sent("iot-event", open_script("iot-event"), "again").text.startswith("# yaml")


def test_what_was_put_in_makes_it_json_whose_places_lead_back(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(SCRIPT.replace("vars: {n: 1}", "for: {n: [1, 2]}"))
    (_, run) = variants_of(open_script(str(file)))

    sent = Sent(str(file), run, "again")

    assert sent.text == (
        '{"title":"t [n=2]","steps":[{"wait":"${n}s"},{"expect":{"answered":{"event":"seen"}}}],"vars":{"n":2}}'
    )
    column = sent.text.index('{"event"') + 1
    key = sent.text.index('"answered"') + 1
    assert sent.translated(f"{file}:1:{column}: x, {file}:1:{key}: y, {file}:1:9999") == (
        f"{file}:5:24: x, {file}:5:14: y, {file}:1:9999"
    )


def test_what_is_played_is_sent_in_its_place_and_its_places_lead_to_its_file(tmp_path):
    (tmp_path / "b.yaml").write_text("title: Inner\nsteps:\n  - wait: 5m\n")
    file = tmp_path / "a.yaml"
    file.write_text("title: t\nsteps:\n  - play: b.yaml\n")

    sent = Sent(str(file), open_script(str(file), environ={}), "again")

    column = sent.text.index('"5m"') + 1
    assert sent.text == '{"title":"t","steps":[{"play":{"title":"Inner","steps":[{"wait":"5m"}]}}]}'
    assert sent.translated(f"{file}:1:{column}: x") == f"{tmp_path}/b.yaml:3:11: x"
