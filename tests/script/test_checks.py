"""What wrong scripts are told, word for word: where, what was expected, what was found, what was probably meant, what to do."""

from __future__ import annotations

import pytest

from simulator.script.checks import judge
from simulator.script.document import ScriptError
from simulator.script.loader import read_document
from simulator.script.prepare import load

STEPS = "create, update, pause, resume, finish, leave, join, view, record, check, emit, subscribe, wait, expect, repeat, together, play, checkpoint, faults"
TYPES = "ScenarioSession, Call, User, Group, License, ScenarioCatalog, Scenario, ScenarioRelease, WebhookSubscription"
LASTING = "a number with its unit, such as 500ms, 3s, 12m, 2h or 3d"
DURATION = "a number with ms, s, m, h or d, such as 12m, or ISO 8601, such as PT12M"
SESSION = """
  - create: ScenarioSession
    as: session
"""
CALL = """
  - create: Call
    as: call
"""


def steps(text: str) -> str:
    """Return a script with these steps, whose first stands in line 3."""
    return "title: t\nsteps:\n" + text.strip("\n") + "\n"


WRONG = {
    # ------------------------------------------------------------------------------------ the script as a whole
    "a list": (
        "- wait: 1s",
        "a.yaml:1:1: the script is not a mapping; expected a mapping with title and steps, found a list.",
    ),
    "a text": (
        "pause",
        "a.yaml:1:1: the script is not a mapping; expected a mapping with title and steps, found 'pause'.",
    ),
    "nothing at all": (
        "# later",
        "a.yaml:1:1: the script is empty; expected a mapping with title and steps. "
        "Print an example with: scope-simulator scenarios show created-and-finished",
    ),
    "no title": (
        "steps: [{wait: 1s}]",
        "a.yaml:1:1: the key 'title' is missing. "
        "Say in one line what happens, such as title: A session is created.",
    ),
    "no steps": (
        "title: t",
        "a.yaml:1:1: the key 'steps' is missing. Add steps: and at least one step below it.",
    ),
    "an empty list of steps": (
        "title: t\nsteps: []",
        "a.yaml:2:8: the list is empty; expected at least one entry. Add one.",
    ),
    "steps as a mapping": (
        "title: t\nsteps: {wait: 1s}",
        "a.yaml:2:8: the value is of the wrong kind; expected a list, found a mapping.",
    ),
    "a mistyped key": (
        "titel: t\nsteps: [{wait: 1s}]",
        "a.yaml:1:1: unknown key 'titel'. Did you mean title?",
    ),
    "a key that is like no other": (
        "title: t\nhello: 1\nsteps: [{wait: 1s}]",
        "a.yaml:2:1: unknown key 'hello'; "
        "expected one of title, description, seed, start, tags, receiver, for, endings, vars, world, steps.",
    ),
    "an empty title": (
        "title: ''\nsteps: [{wait: 1s}]",
        "a.yaml:1:8: the text has the wrong form; "
        'expected text such as "A technician waits for a part", found "".',
    ),
    "a seed in words": (
        "title: t\nseed: seven\nsteps: [{wait: 1s}]",
        'a.yaml:2:7: the value is of the wrong kind; expected a whole number, found "seven".',
    ),
    "a start in words": (
        "title: t\nstart: yesterday\nsteps: [{wait: 1s}]",
        "a.yaml:2:8: the time cannot be read; expected ISO 8601, such as 2021-03-01T08:00:00Z, "
        "found 'yesterday'.",
    ),
    "a start on no day": (
        "title: t\nstart: 2021-02-30T08:00:00Z\nsteps: [{wait: 1s}]",
        "a.yaml:2:8: the time cannot be read; expected ISO 8601, such as 2021-03-01T08:00:00Z, "
        "found '2021-02-30T08:00:00Z'.",
    ),
    "a start as a number": (
        "title: t\nstart: 8\nsteps: [{wait: 1s}]",
        "a.yaml:2:8: the value of start does not fit; expected a time such as 2021-03-01T08:00:00Z, found 8.",
    ),
    "a start in a form of ISO 8601 that few know": (
        "title: t\nstart: 20210301T080000Z\nsteps: [{wait: 1s}]",
        "a.yaml:2:8: the value of start does not fit; "
        "expected a time such as 2021-03-01T08:00:00Z, found '20210301T080000Z'.",
    ),
    "a reference where there is no world yet": (
        "title: '${fake.name}'\nsteps: [{wait: 1s}]",
        "a.yaml:1:8: ${fake.name} cannot stand here: this is read before the world is made. "
        "Only ${env.NAME} can, or the value itself.",
    ),
    "the world's organisation one level too high": (
        "title: t\nworld: {permalink: northwind}\nsteps: [{wait: 1s}]",
        "a.yaml:2:9: unknown key 'permalink'; "
        "expected one of organization, users, groups, catalogs, scenarios, sessions, calls, historyDays.",
    ),
    "a permalink with blanks": (
        "title: t\nworld: {organization: {permalink: Northwind Rail}}\nsteps: [{wait: 1s}]",
        "a.yaml:2:35: the text has the wrong form; "
        'expected text such as "northwind", found "Northwind Rail".',
    ),
    "users as a text": (
        "title: t\nworld: {users: many}\nsteps: [{wait: 1s}]",
        'a.yaml:2:16: the value is of the wrong kind; expected a whole number or a list, found "many".',
    ),
    # ----------------------------------------------------------------------------------------- the shape of a step
    "an unknown verb": (
        steps("  - finsh: session"),
        "a.yaml:3:5: unknown verb 'finsh'. Did you mean finish?",
    ),
    "an unknown verb that is like no other": (
        steps("  - teleport: session"),
        f"a.yaml:3:5: unknown verb 'teleport'; expected one of {STEPS}.",
    ),
    "a verb without a colon": (
        steps("  - finish session"),
        "a.yaml:3:5: a step is not a mapping; "
        "expected a verb, a colon and its value, such as finish: session, found 'finish session'. "
        "Write a colon and a space after finish.",
    ),
    "an empty step": (
        steps("  -"),
        "a.yaml:3:4: a step is not a mapping; "
        "expected a verb, a colon and its value, such as finish: session, found nothing.",
    ),
    "two verbs": (
        steps("  - create: Call\n    finish: call"),
        "a.yaml:4:5: a step has 2 verbs; expected one, found create and finish. "
        "Make each a step of its own, with a dash before it.",
    ),
    "no verb": (
        steps("  - with: {type: PHOTO}\n    by: ana"),
        f"a.yaml:3:5: a step has no verb; expected one of {STEPS}, found with, by.",
    ),
    "a side key of another verb": (
        steps("  - wait: 1m\n    by: ana"),
        "a.yaml:4:5: by does not go with wait. Nothing stands beside wait.",
    ),
    "with instead of set": (
        steps(SESSION + "  - update: session\n    with: {externalData: 1}"),
        "a.yaml:6:5: with does not go with update. Did you mean set? Beside update may stand: set, by, at.",
    ),
    "a mistyped side key": (
        steps("  - create: Call\n    wiht: {}"),
        "a.yaml:4:5: unknown key 'wiht'. Did you mean with?",
    ),
    "a side key that is like no other": (
        steps("  - create: Call\n    whenever: 1"),
        "a.yaml:4:5: unknown key 'whenever'. Beside create may stand: with, by, at, as.",
    ),
    "a wrong step inside a repeat": (
        steps("  - repeat:\n      times: 2\n      steps:\n        - pauze: session"),
        "a.yaml:6:11: unknown verb 'pauze'. Did you mean pause?",
    ),
    # --------------------------------------------------------------------------------------------- values of a step
    "an unknown type": (
        steps("  - create: Session"),
        f"a.yaml:3:13: no resource of type 'Session' can be created; expected one of {TYPES}. "
        "Did you mean ScenarioSession?",
    ),
    "a type that is made with another": (
        steps("  - create: ScenarioSessionEvent"),
        "a.yaml:3:13: no resource of type 'ScenarioSessionEvent' can be created; "
        f"expected one of {TYPES}. Did you mean ScenarioSession?",
    ),
    "a type as a number": (
        steps("  - create: 1"),
        f"a.yaml:3:13: the value is not known here; expected one of {TYPES}, found 1.",
    ),
    "a duration without a unit": (
        steps("  - wait: 5"),
        f"a.yaml:3:11: the value of wait does not fit; expected {LASTING}, found 5.",
    ),
    "a duration in words": (
        steps("  - wait: 5 minutes"),
        f"a.yaml:3:11: the duration cannot be read; expected {DURATION}, found '5 minutes'.",
    ),
    "a duration that only looks like ISO 8601": (
        steps("  - wait: P"),
        f"a.yaml:3:11: the duration cannot be read; expected {DURATION}, found 'P'.",
    ),
    "a device's time without its sign": (
        steps("  - create: Call\n    at: 20m"),
        "a.yaml:4:9: the device's time cannot be read; expected -20m for twenty minutes ago, "
        "or ISO 8601, such as 2021-03-01T07:40:00Z, found '20m'.",
    ),
    "a device's time with a wrong unit": (
        steps("  - create: Call\n    at: -20min"),
        "a.yaml:4:9: the device's time cannot be read; expected -20m for twenty minutes ago, "
        "or ISO 8601, such as 2021-03-01T07:40:00Z, found '-20min'.",
    ),
    "a device's time as a number": (
        steps("  - create: Call\n    at: -20"),
        "a.yaml:4:9: the value of at does not fit; expected -20m for twenty minutes ago, "
        "or a time such as 2021-03-01T07:40:00Z, found -20.",
    ),
    "a name with a blank": (
        steps("  - create: Call\n    as: my call"),
        "a.yaml:4:9: the value of as does not fit; "
        "expected a name: letters, digits, _ and -, not a digit first, found 'my call'.",
    ),
    "too many steps viewed at once": (
        steps(SESSION + "  - view: session\n    steps: 300"),
        "a.yaml:6:12: the value of steps does not fit; "
        "expected a whole number from 1 to 256, or a reference such as ${count}, found 300.",
    ),
    "a repeat that never happens": (
        steps("  - repeat: {times: 0, steps: [{wait: 1s}]}"),
        "a.yaml:3:21: the value of times does not fit; "
        "expected a whole number from 1 to 1000000, or a reference such as ${count}, found 0.",
    ),
    "tags that are no list": (
        "title: t\ntags: smoke\nsteps: [{wait: 1s}]",
        'a.yaml:2:7: the value is of the wrong kind; expected a list, found "smoke".',
    ),
    "a tag of two words": (
        "title: t\ntags: [a, b c]\nsteps: [{wait: 1s}]",
        "a.yaml:2:11: the value of tags does not fit; "
        "expected a word: letters, digits, and . _ - after the first, found 'b c'.",
    ),
    "a tag twice": (
        "title: t\ntags: [a, b, a]\nsteps: [{wait: 1s}]",
        "a.yaml:2:1: an entry stands twice; found 'a'. Keep one of them.",
    ),
    "a receiver that is a text": (
        "title: t\nreceiver: reset\nsteps: [{wait: 1s}]",
        'a.yaml:2:11: the value is of the wrong kind; expected a mapping, found "reset".',
    ),
    "a receiver without a reset": (
        "title: t\nreceiver: {}\nsteps: [{wait: 1s}]",
        "a.yaml:2:11: the key 'reset' is missing. "
        "Add the URL that resets it, such as reset: http://127.0.0.1:8000/test/reset.",
    ),
    "a mistyped key of the receiver": (
        "title: t\nreceiver: {rest: 'http://127.0.0.1/'}\nsteps: [{wait: 1s}]",
        "a.yaml:2:12: unknown key 'rest'. Did you mean reset?",
    ),
    "a reset at a variable that is none": (
        "title: t\nvars: {app: x}\nreceiver: {reset: '${ap}/'}\nsteps: [{wait: 1s}]",
        "a.yaml:3:19: ${ap} stands for nothing. Did you mean app or api?",
    ),
    "a matrix that is a list": (
        "title: t\nfor: [1]\nsteps: [{wait: 1s}]",
        "a.yaml:2:6: the value is of the wrong kind; expected a mapping, found a list.",
    ),
    "a matrix without variables": (
        "title: t\nfor: {}\nsteps: [{wait: 1s}]",
        "a.yaml:2:6: the mapping is empty; expected at least one key. Add one.",
    ),
    "a matrix with one value": (
        "title: t\nfor: {n: 1}\nsteps: [{wait: 1s}]",
        "a.yaml:2:10: the value is of the wrong kind; expected a list, found 1.",
    ),
    "a matrix without values": (
        "title: t\nfor: {n: []}\nsteps: [{wait: 1s}]",
        "a.yaml:2:10: the list is empty; expected at least one entry. Add one.",
    ),
    "a value of a matrix twice": (
        "title: t\nfor: {n: [1, 2, 1]}\nsteps: [{wait: 1s}]",
        "a.yaml:2:7: an entry stands twice; found 1. Keep one of them.",
    ),
    "a variable of a matrix that is none": (
        "title: t\nfor: {'a b': [1]}\nsteps: [{wait: 1s}]",
        "a.yaml:2:7: 'a b' cannot be a name; expected letters, digits, _ and -, not a digit first.",
    ),
    "a variable of a matrix that is one of vars too": (
        "title: t\nfor: {n: [1, 2]}\nvars: {n: 3}\nsteps: [{wait: 1s}]",
        "a.yaml:3:8: the name 'n' has been given before, in line 2. Choose another name.",
    ),
    "a reference in a matrix": (
        "title: t\nfor: {n: ['${world.users[0].name}']}\nsteps: [{wait: 1s}]",
        "a.yaml:2:11: ${world.users[0].name} cannot stand here: this is read before the world is made. "
        "Only ${env.NAME} can, or the value itself.",
    ),
    "a matrix of too many runs": (
        f"title: t\nfor: {{n: {list(range(40))}, m: {list(range(40))}}}\nsteps: [{{wait: 1s}}]",
        "a.yaml:2:1: the matrix makes too many runs; expected at most 1000, found 1600.",
    ),
    "a checkpoint without a name": (
        steps("  - checkpoint: 1st"),
        "a.yaml:3:17: the value of checkpoint does not fit; "
        "expected a name: letters, digits, _ and -, not a digit first, found '1st'.",
    ),
    "a checkpoint in a track": (
        steps("  - together: [[{checkpoint: a}]]"),
        "a.yaml:3:30: a checkpoint cannot stand inside of something else; "
        "expected it among the steps of the script itself. Move it before or after what it stands in.",
    ),
    "a checkpoint in a repeat": (
        steps("  - repeat: {times: 2, steps: [{checkpoint: a}]}"),
        "a.yaml:3:45: a checkpoint cannot stand inside of something else; "
        "expected it among the steps of the script itself. Move it before or after what it stands in.",
    ),
    "a checkpoint in an ending": (
        "title: t\nsteps: [{checkpoint: a}]\nendings: [{title: e, steps: [{checkpoint: b}]}]",
        "a.yaml:3:43: a checkpoint cannot stand inside of something else; "
        "expected it among the steps of the script itself. Move it before or after what it stands in.",
    ),
    "a checkpoint twice": (
        steps("  - checkpoint: a\n  - checkpoint: a"),
        "a.yaml:4:17: the checkpoint 'a' has been set before, in line 3. Choose another name.",
    ),
    "endings without a checkpoint": (
        "title: t\nsteps: [{wait: 1s}]\nendings: [{title: e, steps: [{wait: 1s}]}]",
        "a.yaml:3:11: no checkpoint stands in the steps. Add a step such as checkpoint: before-the-end.",
    ),
    "an ending from a checkpoint that is none": (
        "title: t\nsteps: [{checkpoint: middle}]\nendings: [{title: e, from: midle, steps: [{wait: 1s}]}]",
        "a.yaml:3:28: no checkpoint is called 'midle'. Did you mean middle?",
    ),
    "two endings with one title": (
        "title: t\nsteps: [{checkpoint: m}]\nendings:\n"
        "- {title: e, steps: [{wait: 1s}]}\n- {title: e, steps: [{wait: 1s}]}",
        "a.yaml:5:11: two endings have one title; found the first in line 4. "
        "Give each its own: reports tell them apart by it.",
    ),
    "an ending without a title": (
        "title: t\nsteps: [{checkpoint: m}]\nendings: [{steps: [{wait: 1s}]}]",
        "a.yaml:3:11: the key 'title' is missing. "
        "Say in one line what happens, such as title: A session is created.",
    ),
    "endings that are no list": (
        "title: t\nsteps: [{checkpoint: m}]\nendings: {title: e}",
        "a.yaml:3:10: the value is of the wrong kind; expected a list, found a mapping.",
    ),
    "a name in an ending that is given after the checkpoint": (
        "title: t\nsteps: [{checkpoint: m}, {create: Call, as: call}]\nendings: [{title: e, steps: [{finish: call}]}]",
        "a.yaml:3:39: no name 'call' has been given. It is given only in line 2; move that step up.",
    ),
    "a wrong step in an ending": (
        "title: t\nsteps: [{checkpoint: m}]\nendings: [{title: e, steps: [{wiat: 1s}]}]",
        "a.yaml:3:31: unknown verb 'wiat'. Did you mean wait?",
    ),
    "a play that is a number": (
        steps("  - play: 5"),
        "a.yaml:3:11: the value of play does not fit; "
        "expected a file, the name of a bundled script, or a script itself, found 5.",
    ),
    "a play of a script that is wrong": (
        steps("  - play: {title: t, steps: [{wiat: 1s}, {finish: s}]}"),
        "a.yaml:3:31: unknown verb 'wiat'. Did you mean wait?\n"
        "a.yaml:3:51: no name 's' has been given. Give a name with as: beside create, or in world.users.",
    ),
    "a play of a script with endings": (
        steps("  - play: {title: t, steps: [{checkpoint: m}], endings: [{title: e, steps: [{wait: 1s}]}]}"),
        "a.yaml:3:48: a script that is played has no endings. "
        "Each ending is a run of its own: play this one alone, or without them.",
    ),
    "a play with a variable that is none": (
        steps("  - play: {title: t, vars: {order: 1}, steps: [{wait: 1s}]}\n    vars: {oder: 2}"),
        "a.yaml:4:12: a.yaml has no variable 'oder'. Did you mean order? It has: order.",
    ),
    "a play with a variable of a script that has none": (
        steps("  - play: {title: t, steps: [{wait: 1s}]}\n    vars: {oder: 2}"),
        "a.yaml:4:12: a.yaml has no variable 'oder'. Give it under vars: there.",
    ),
    "a play of a matrix": (
        steps("  - play: {title: t, for: {n: [1], m: [2], k: [3]}, steps: [{wait: 1s}]}\n    vars: {m: 2}"),
        "a.yaml:3:11: a.yaml has a matrix, which makes several runs. "
        "Give one value for n and k, with vars: beside play.",
    ),
    "a play with a reference that is none": (
        steps("  - play: {title: t, vars: {n: 1}, steps: [{wait: 1s}]}\n    vars: {n: '${m}'}"),
        "a.yaml:4:15: ${m} stands for nothing. Give it under vars, or with as: beside create.",
    ),
    "a name of a script that is played": (
        steps("  - play: {title: t, steps: [{create: Call, as: call}]}\n  - finish: call"),
        "a.yaml:4:13: no name 'call' has been given. Give a name with as: beside create, or in world.users.",
    ),
    "a name in a script that is played": (
        steps("  - {create: Call, as: call}\n  - play: {title: t, steps: [{finish: call}]}"),
        "a.yaml:4:39: no name 'call' has been given. Give a name with as: beside create, or in world.users.",
    ),
    "vars beside another verb": (
        steps("  - wait: 1s\n    vars: {a: 1}"),
        "a.yaml:4:5: vars does not go with wait. Nothing stands beside wait.",
    ),
    "a together that is no list": (
        steps("  - together: {steps: [{wait: 1s}]}"),
        "a.yaml:3:15: the value is of the wrong kind; expected a list, found a mapping.",
    ),
    "a together without tracks": (
        steps("  - together: []"),
        "a.yaml:3:15: the list is empty; expected at least one entry. Add one.",
    ),
    "a together whose steps are no tracks": (
        steps("  - together: [{wait: 1s}]"),
        "a.yaml:3:16: the value is of the wrong kind; expected a list, found a mapping.",
    ),
    "a track without steps": (
        steps("  - together: [[{wait: 1s}], []]"),
        "a.yaml:3:30: the list is empty; expected at least one entry. Add one.",
    ),
    "a wrong step in a track": (
        steps("  - together:\n    - - wait: 1s\n    - - pauze: session"),
        "a.yaml:5:9: unknown verb 'pauze'. Did you mean pause?",
    ),
    "a name beside together": (
        steps("  - together: [[{wait: 1s}]]\n    as: both"),
        "a.yaml:4:5: as does not go with together. Nothing stands beside together.",
    ),
    "a name of a track before": (
        steps("  - together:\n    - - {create: Call, as: a}\n    - - finish: a"),
        "a.yaml:5:17: no name 'a' has been given. "
        "It is given in line 4, in a track that overlaps with this one; give it before the together.",
    ),
    "a name of a track after": (
        steps("  - together:\n    - - wait: ${a.duration}s\n    - - {create: Call, as: a}"),
        "a.yaml:4:15: ${a.duration} stands for nothing. "
        "It is given in line 5, in a track that overlaps with this one; give it before the together.",
    ),
    "a name in two tracks": (
        steps("  - together:\n    - - {create: Call, as: a}\n    - - {create: Call, as: a}"),
        "a.yaml:5:28: the name 'a' has been given before, in line 4. Choose another name.",
    ),
    "a name in tracks of different depth": (
        steps(
            "  - together:\n    - - {create: Call, as: a}\n"
            "    - - together: [[{create: Call, as: b}], [{create: Call, as: a}]]"
        ),
        "a.yaml:5:65: the name 'a' has been given before, in line 4. Choose another name.",
    ),
    "a repeat without steps": (
        steps("  - repeat: {times: 2}"),
        "a.yaml:3:13: the key 'steps' is missing. Add steps: and at least one step below it.",
    ),
    "a repeat without a number": (
        steps("  - repeat: {steps: [{wait: 1s}]}"),
        "a.yaml:3:13: the key 'times' is missing. Add how often, such as times: 3.",
    ),
    "an event without its word": (
        steps("  - emit: {type: iot}"),
        "a.yaml:3:11: the key 'event' is missing. Add the event's word, such as event: finished.",
    ),
    "an event in capitals": (
        steps("  - emit: {type: IoT, event: connected}"),
        "a.yaml:3:18: the value of type does not fit; expected a lower-case word such as iot, found 'IoT'.",
    ),
    "a subscription to nothing": (
        steps("  - subscribe: {secret: s}"),
        "a.yaml:3:16: the key 'topic' is missing. Add what is subscribed to, such as topic: user/created.",
    ),
    "a subscription with another word": (
        steps("  - subscribe: {topic: user/created, sekret: s}"),
        "a.yaml:3:38: unknown key 'sekret'. Did you mean secret?",
    ),
    "a subscription by somebody": (
        steps("  - subscribe: {topic: user/created}\n    by: ana"),
        "a.yaml:4:5: by does not go with subscribe. Beside subscribe may stand: as.",
    ),
    "a subscription with an unknown variable": (
        steps("  - subscribe: {topic: user/created, secret: '${sekret}'}"),
        "a.yaml:3:46: ${sekret} stands for nothing. Give it under vars, or with as: beside create.",
    ),
    "a move that a subscription does not know": (
        steps("  - subscribe: {topic: user/created}\n    as: hook\n  - finish: hook"),
        "a.yaml:5:13: hook is a WebhookSubscription, which cannot finish. It can: update.",
    ),
    "an event about a resource": (
        steps("  - emit: {type: resource, event: finished}"),
        "a.yaml:3:18: emit tells of nothing in the world, so its type cannot be resource. "
        "Change the resource with a verb such as update; the webhook follows.",
    ),
    # ----------------------------------------------------------------------------------------------- expectations
    "an expectation of nothing": (
        steps("  - expect: {}"),
        "a.yaml:3:13: a key is missing; expected one of answered, queried, delivered, given_up, not_queried, rest, signed_in, order, receiver, found no key.",
    ),
    "an expectation of nothing in particular": (
        steps("  - expect: {answered: {}}"),
        "a.yaml:3:24: the mapping is empty; expected at least one key. Add one.",
    ),
    "an expectation without its kind": (
        steps("  - expect: {within: 5s}"),
        "a.yaml:3:13: a key is missing; expected one of answered, queried, delivered, given_up, not_queried, rest, signed_in, order, receiver, found within.",
    ),
    "an update of nothing": (
        steps(SESSION + "  - update: session\n    set: {}"),
        "a.yaml:6:10: the mapping is empty; expected at least one key. Add one.",
    ),
    "a mistyped kind of expectation": (
        steps("  - expect: {answerd: {event: finished}}"),
        "a.yaml:3:14: unknown key 'answerd'. Did you mean answered?",
    ),
    "an expectation of a kind of its own": (
        steps("  - expect: {answered: yes}"),
        'a.yaml:3:24: the value is of the wrong kind; expected a mapping or a list, found "yes".',
    ),
    "an expectation of an unknown event": (
        steps(CALL + "  - expect: {answered: {event: finishd, of: call}}"),
        "a.yaml:5:32: no event is called 'finishd'; expected one of create, created, update, updated, "
        "paused, resumed, finished, completed, or a topic such as scenario_session/created. Did you mean finished?",
    ),
    "after an unknown event": (
        steps(CALL + "  - expect: {queried: {of: call, after: {event: closed}}}"),
        "a.yaml:5:49: no event is called 'closed'; expected one of create, created, update, updated, "
        "paused, resumed, finished, completed, or a topic such as scenario_session/created.",
    ),
    "an expectation of an unknown field": (
        steps(SESSION + "  - expect: {queried: {of: session, fields: [stat]}}"),
        "a.yaml:5:46: the API has no field 'stat'. Did you mean state or startedAt?",
    ),
    "an expectation of a field of another kind": (
        steps("  - expect: {queried: {fields: [descripton]}}"),
        "a.yaml:3:33: the API has no field 'descripton'. Did you mean description or webhookSubscriptions?",
    ),
    "a status that is none": (
        steps(CALL + "  - expect: {answered: {of: call, status: 2yy}}"),
        "a.yaml:5:43: the value of status does not fit; "
        "expected a status such as 200, a class such as 2xx, or a list of these, found '2yy'.",
    ),
    "an expectation about nobody knows what": (
        steps("  - expect: {answered: {event: finished, of: session}}"),
        "a.yaml:3:46: no name 'session' has been given. "
        "Give a name with as: beside create, or in world.users.",
    ),
    "within a bare number": (
        steps("  - expect: {answered: {event: finished}, within: 5}"),
        f"a.yaml:3:51: the value of within does not fit; expected {LASTING}; "
        "the word simulated may follow, found 5.",
    ),
    "within no time that can be read": (
        steps("  - expect: {answered: {event: finished, in: soon}, within: a while simulated}"),
        f"a.yaml:3:46: the duration cannot be read; expected {DURATION}, found 'soon'.\n"
        f"a.yaml:3:61: the duration cannot be read; expected {DURATION}, found 'a while'.",
    ),
    # ---------------------------------------------------------------------------------------- names and references
    "a name that nobody gave": (
        steps(SESSION + "  - pause: sesion"),
        "a.yaml:5:12: no name 'sesion' has been given. Did you mean session? "
        "Give a name with as: beside create, or in world.users.",
    ),
    "a name that is given only later": (
        steps("  - pause: session\n" + SESSION.lstrip("\n")),
        "a.yaml:3:12: no name 'session' has been given. It is given only in line 5; move that step up.",
    ),
    "a name that is given twice": (
        steps(SESSION + CALL.replace("call", "session").lstrip("\n")),
        "a.yaml:6:9: the name 'session' has been given before, in line 4. Choose another name.",
    ),
    "a name that a variable has": (
        "title: t\nvars: {session: 1}\nsteps:" + SESSION,
        "a.yaml:5:9: the name 'session' has been given before, in line 2. Choose another name.",
    ),
    "a name that means something of its own": (
        steps("  - create: Call\n    as: target"),
        "a.yaml:4:9: 'target' means something of its own in references and cannot be given. "
        "Choose another name.",
    ),
    "a variable where a resource is needed": (
        "title: t\nvars: {session: 1}\nsteps: [{pause: session}]",
        "a.yaml:3:17: 'session' is a variable, not a resource. For its value, write \"${session}\".",
    ),
    "a variable whose name is none": (
        "title: t\nvars: {1st: 1}\nsteps: [{wait: 1s}]",
        "a.yaml:2:8: '1st' cannot be a name; expected letters, digits, _ and -, not a digit first.",
    ),
    "variables as a list": (
        "title: t\nvars: [order]\nsteps: [{wait: 1s}]",
        "a.yaml:2:7: the value is of the wrong kind; expected a mapping, found a list.",
    ),
    "a variable that uses one after it": (
        "title: t\nvars: {a: '${b}', b: 1}\nsteps: [{wait: 1s}]",
        "a.yaml:2:11: ${b} stands for nothing. A variable may use only those that stand before it.",
    ),
    "a verb that does not fit": (
        steps(CALL + "  - pause: call"),
        "a.yaml:5:12: call is a Call, which cannot pause. It can: update, join, leave, finish.",
    ),
    "a verb for what nothing can be done to": (
        steps(SESSION + "  - record: session\n    as: photo\n  - update: photo"),
        "a.yaml:7:13: photo is a ScenarioSessionEvent, which cannot update. Nothing can be done to it.",
    ),
    "a reference to nothing": (
        steps("  - wait: ${pause}"),
        "a.yaml:3:11: ${pause} stands for nothing. Give it under vars, or with as: beside create.",
    ),
    "a reference to nothing among others": (
        "title: t\nvars: {site: 1, depot: 2}\nsteps: [{wait: '${pause}'}]",
        "a.yaml:3:16: ${pause} stands for nothing. Known here: site, depot.",
    ),
    "a mistyped reference": (
        "title: t\nvars: {order: 1}\nsteps: [{emit: {type: a, event: b, data: {c: ['${ordr}']}}}]",
        "a.yaml:3:47: ${ordr} stands for nothing. Did you mean order?",
    ),
    "a mistyped root": (
        steps("  - wait: ${wrld.users[0].name}"),
        "a.yaml:3:11: ${wrld.users[0].name} stands for nothing. Did you mean world?",
    ),
    "a reference to a name that comes later": (
        steps("  - wait: ${session.id}\n" + SESSION.lstrip("\n")),
        "a.yaml:3:11: ${session.id} stands for nothing. It is given only in line 5; move that step up.",
    ),
    "a reference to an unknown field": (
        steps(SESSION + "  - wait: ${session.stat}"),
        "a.yaml:5:11: session, a ScenarioSession, has no field 'stat'. Did you mean state or startedAt?",
    ),
    "a reference to a field that is like no other": (
        steps("  - create: Group\n    as: group\n  - wait: ${group.colour}"),
        "a.yaml:5:11: group, a Group, has no field 'colour'. "
        "It has: id, databaseId, name, organization, members.",
    ),
    "a reference that does not end": (
        steps("  - wait: ${pause"),
        "a.yaml:3:11: a reference does not end; found '${pause'. "
        "Close it with }, or write $${ for the signs.",
    ),
    "a reference that cannot be read": (
        steps("  - wait: ${pause..long}"),
        "a.yaml:3:11: a reference cannot be read; "
        "expected a name, then .field and [number], such as ${session.id}, found '${pause..long}'.",
    ),
    "an unknown invention": (
        steps("  - wait: ${fake.nam}"),
        "a.yaml:3:11: ${fake.nam} stands for nothing. Did you mean ${fake.name}?",
    ),
    "an invention without its name": (
        steps("  - wait: ${fake}"),
        "a.yaml:3:11: ${fake} stands for nothing; expected fake. and one of name, first_name, last_name, "
        "email, company, city, word, sentence, uuid, number.",
    ),
    "a part of an invention": (
        steps("  - wait: ${fake.name.first}"),
        "a.yaml:3:11: ${fake.name.first} has no parts. Write ${fake.name}.",
    ),
    "an unknown part of the world": (
        steps("  - wait: ${world.user[0].id}"),
        "a.yaml:3:11: ${world.user[0].id} stands for nothing. Did you mean ${world.users}?",
    ),
    "a part of the target": (
        steps("  - wait: ${target.url}"),
        "a.yaml:3:11: ${target.url} has no parts. Write ${target}.",
    ),
    "an index outside of a repeat": (
        steps("  - wait: ${index}s"),
        "a.yaml:3:11: ${index} stands outside of a repeat. Use it in the steps of a repeat.",
    ),
    # ----------------------------------------------------------------------------------------------------- faults
    "faults as a list": (
        steps("  - faults: [{drop: true}]"),
        "a.yaml:3:13: the value of faults does not fit; expected a mapping with delivery and api, or an empty list to end "
        "all, found a list.",
    ),
    "faults of no side": (
        steps("  - faults: {delivry: [{drop: true}]}"),
        "a.yaml:3:14: faults have no side 'delivry'; expected delivery or api. Did you mean delivery?",
    ),
    "faults that are no list": (
        steps("  - faults: {api: {hang_up: true}}"),
        "a.yaml:3:19: the value is of the wrong kind; expected a list, found a mapping.",
    ),
    "a fault that is none": (
        steps("  - faults: {api: [hang_up]}"),
        "a.yaml:3:20: a fault is not a mapping; expected such as {status: 503, times: 2}, found 'hang_up'.",
    ),
    "an unknown fault and a value that does not fit": (
        steps("  - faults:\n      delivery:\n        - {dorp: true}\n        - {drop: true, times: 0}"),
        "a.yaml:5:12: unknown fault 'dorp'. Did you mean drop?\n"
        "a.yaml:6:31: the value of times does not fit; expected a whole number from 1 to 1000000, found 0.",
    ),
    "faults that can never strike": (
        steps(
            SESSION
            + "  - faults:\n      delivery: [{drop: true, match: {event: finshed, of: sesion}}]\n"
            + "      api: [{lag: '${gap}', match: {operation: '${op}'}}]"
        ),
        "a.yaml:6:46: no event of a resource is called 'finshed'. Did you mean finished? "
        "The event of a raw webhook needs its type beside it.\n"
        "a.yaml:6:59: no name 'sesion' has been given. Did you mean session? "
        "Give a name with as: beside create, or in world.users.\n"
        "a.yaml:7:19: ${gap} stands for nothing. Known here: session.\n"
        "a.yaml:7:48: ${op} stands for nothing. Known here: session.",
    ),
    # ------------------------------------------------------------------------------------------- several at once
    "problems that do not depend on each other": (
        "title: t\nseed: seven\nstart: yesterday\nsteps:\n  - pauze: a\n  - wait: 5\n  - resume: b\n",
        'a.yaml:2:7: the value is of the wrong kind; expected a whole number, found "seven".\n'
        "a.yaml:3:8: the time cannot be read; expected ISO 8601, such as 2021-03-01T08:00:00Z, "
        "found 'yesterday'.\n"
        "a.yaml:5:5: unknown verb 'pauze'. Did you mean pause?\n"
        f"a.yaml:6:11: the value of wait does not fit; expected {LASTING}, found 5.\n"
        "a.yaml:7:13: no name 'b' has been given. Give a name with as: beside create, or in world.users.",
    ),
    "one mistake makes one message": (
        steps("  - create: Session\n    as: s\n  - pause: s\n  - wait: ${s.state}"),
        f"a.yaml:3:13: no resource of type 'Session' can be created; expected one of {TYPES}. "
        "Did you mean ScenarioSession?",
    ),
}


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_wrong_script_is_told(text, told):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the whole text is compared
        load(text, name="a.yaml")

    assert str(caught.value) == told


def test_problems_come_as_errors_of_their_own():
    with pytest.raises(ScriptError) as caught:
        load("titel: t\nsteps: [{wait: 5}]", name="a.yaml")

    assert [problem.place for problem in caught.value.problems] == ["a.yaml:1:1", "a.yaml:2:16"]


def test_a_sound_script_has_no_problem():
    text = steps(SESSION + "  - pause: session\n    at: '${session.startedAt}'\n  - wait: 1h")

    assert judge(read_document(text)) == []


def test_free_data_may_hold_any_key():
    text = steps(
        "  - emit: {type: iot, event: seen, data: {wait: 5, at: now, create: [], times: x, as: a b}}"
    )

    assert judge(read_document(text)) == []


def test_an_event_that_the_script_emits_may_be_expected_of_a_resource():
    text = steps(
        CALL
        + "  - emit: {type: iot, event: seen, data: {resource-id: '${call.id}'}}\n"
        + "  - expect: {answered: {event: seen, of: call}}"
    )

    assert judge(read_document(text)) == []
