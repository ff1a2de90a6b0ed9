"""The base: the world as the seed makes it, before anybody touches it.

Theory. Nothing is stored. A record's number alone gives, by arithmetic and one hash, its parent, its moment (rising with
the number), its fields and its children's numbers; ``rows`` says how. Records that were read lately are kept in a bounded
cache. So a world of a million sessions starts as fast as one of ten, and a record that nobody reads needs no memory.

User 1 is the integration's own account; the people of a script come next, then made-up ones. Steps and checkboxes of a
session are numbered by a fixed stride from their session's number, also for sessions that are created later, so that
they need no record of their own until somebody views or ticks them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from simulator.clock import Moment
from simulator.settings import Settings, read_topic
from simulator.wire import JSON
from simulator.world import fakes, labels
from simulator.world.histories import TICKED_AT, Histories
from simulator.world.layout import CACHE, CHECKBOX_STRIDE, STEP_STRIDE
from simulator.world.marks import CALLED, Mark, marks_of
from simulator.world.recordings import event_data
from simulator.world.resources import (
    Call,
    CallParticipant,
    Group,
    Kind,
    License,
    Organization,
    Record,
    Ref,
    Scenario,
    ScenarioCatalog,
    ScenarioRelease,
    ScenarioSequence,
    ScenarioSession,
    ScenarioSessionCheckbox,
    ScenarioSessionEvent,
    ScenarioSessionPart,
    ScenarioSessionStep,
    ScenarioStep,
    User,
    WebhookTopic,
)
from simulator.world.shifts import DAY, HOUR, MINUTE, shift_of
from simulator.world.states import FINISHED, PAUSED

__all__ = ["Base"]

_UNNUMBERED = {Kind.USER: 100, Kind.GROUP: 1 + len(fakes.GROUP_NAMES)}
"""So many users and groups are called without their number, unless a user has but one name."""
_EVENT_TYPES = ("PHOTO", "PHOTO", "PHOTO", "MEASUREMENT", "MEASUREMENT", "CHECKBOX", "TEXT", "QUIZ", "VIDEO")


class Base(Histories):
    """The world that a seed and the sizes in ``settings`` make; ``start`` is the moment its present begins."""

    def __init__(self, settings: Settings, start: Moment) -> None:
        super().__init__(settings, start)
        self._settings = settings
        self.derived = 0
        """How many records were worked out so far: what a test counts to show that nothing is scanned."""
        self.remembered: dict[tuple[object, ...], Any] = {}
        """What those who read keep of the worlds over this base; it goes when the base goes."""
        self._cached = lru_cache(maxsize=CACHE)(self._derive)
        self._makers: Mapping[Kind, Callable[[int], Record | None]] = {
            Kind.ORGANIZATION: self._organization,
            Kind.USER: self._user,
            Kind.GROUP: self._group,
            Kind.LICENSE: self._license,
            Kind.CATALOG: self._catalog,
            Kind.SCENARIO: self._scenario,
            Kind.RELEASE: self._release,
            Kind.SEQUENCE: self._sequence,
            Kind.STEP: self._step,
            Kind.SESSION: self._session,
            Kind.PART: self._part,
            Kind.SESSION_STEP: self._session_step,
            Kind.EVENT: self._event,
            Kind.CHECKBOX: self._checkbox,
            Kind.CALL: self._call,
            Kind.PARTICIPANT: self._participant,
            Kind.TOPIC: lambda number: self.topics[number - 1],
        }
        self.topics: Sequence[WebhookTopic] = tuple(
            WebhookTopic(number=number, key=key, version=version)
            for number, (key, version) in enumerate(map(read_topic, settings.topics), 1)
        )
        """The catalogue."""

    def derive(self, ref: Ref) -> Record | None:
        """Return the untouched record, or None when the base has none of that number."""
        if not 1 <= ref.number <= self.counts[ref.kind]:
            return None
        return self._cached(ref)

    def _derive(self, ref: Ref) -> Record | None:
        self.derived += 1
        return self._makers[ref.kind](ref.number)

    def _organization(self, number: int) -> Organization:
        name = self._settings.organization or fakes.company(self.seed)
        slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
        return Organization(number=number, name=name, permalink=self._settings.permalink or slug)

    def _user(self, number: int) -> User:
        groups = self.groups_of(number)
        if number == 1:
            return User(
                number=1,
                first_name="Integration",
                last_name="Account",
                username="integrator",
                email="integrator@example.com",
                groups=groups,
            )
        draw = self.seed.number("user", number)
        given = self._settings.people[number - 2] if number - 2 < len(self._settings.people) else None
        if given is not None and given.name:
            first, _, last = given.name.partition(" ")
        else:
            first, last = fakes.person_name(self.seed, number)
        again = number if last and number > _UNNUMBERED[Kind.USER] else ""
        username = f"{first}.{last or number}{again}".lower().replace(" ", "-")
        username = (given and given.username) or username
        titles = self.role(number).titles
        return User(
            number=number,
            first_name=first,
            last_name=last,
            username=username,
            email=(given and given.email) or f"{username}@example.com",
            phone=(given and given.phone) or f"+1-555-01{draw % 100:02d}",
            job_title=(given and given.job_title) or titles[draw // 128 % len(titles)],
            groups=groups,
        )

    def marked(self, mark: Mark) -> Sequence[int]:
        """Return the numbers, rising, of the records that bear a mark in the base.

        What users and groups are called does not follow from numbers: the first are looked at, and later ones have their
        number in the name of the group, or the username and the e-mail address. The full name of a later user finds
        nobody.
        """
        if mark.way != CALLED or mark.kind not in _UNNUMBERED:
            return super().marked(mark)
        numbered = re.search(r"([1-9][0-9]{0,17})(?:@example\.com)?$", mark.text)
        numbers = {*range(1, _UNNUMBERED[mark.kind] + 1), *([int(numbered[1])] if numbered else ())}
        return sorted(n for n in numbers if mark in marks_of(self.derive(Ref(mark.kind, n))))

    def groups_of(self, user: int) -> tuple[int, ...]:
        """Return the groups of a user: the first, in which everybody is, and one more. [chosen]"""
        return (1, self.by_group.owner(user)) if self.counts[Kind.GROUP] > 1 else (1,)

    def _group(self, number: int) -> Group:
        names = fakes.GROUP_NAMES
        name = names[(number - 2) % len(names)] + ("" if number - 2 < len(names) else f" {number}")
        return Group(number=number, name="Default" if number == 1 else name)

    def _license(self, number: int) -> License:
        user, place = self.licences.parent(number)
        return License(number=number, user=user, product=self.role(user).licences[place])

    def _catalog(self, number: int) -> ScenarioCatalog:
        tag, equipment = self.tag(number), self.procedure(number).equipment.name
        return ScenarioCatalog(
            number=number,
            name=f"{equipment[0].upper()}{equipment[1:]} {tag}",
            external_asset_id=tag,
            scenarios=self.on_machine(number),
        )

    def _published(self, scenario: int) -> int:
        behind = self.counts[Kind.SCENARIO] - scenario + 1
        return self.begin - (6 + 7 * behind) * DAY + 9 * HOUR + scenario % 7 * 11 * MINUTE

    def _scenario(self, number: int) -> Scenario:
        procedure = self.procedure(number)
        draw = self.seed.number("scenario", number)
        return Scenario(
            number=number,
            name=procedure.name,
            description=procedure.description,
            author=self.authors[draw % len(self.authors)],
            group=1 + draw // 1024 % self.counts[Kind.GROUP],
            published_at=Moment(self._published(number)),
        )

    def _release(self, number: int) -> ScenarioRelease:
        scenario, place = self.releases.parent(number)
        author = self.seed.number("release", number) % len(self.authors)
        return ScenarioRelease(
            number=number,
            scenario=scenario,
            version=place + 1,
            author=self.authors[author],
            published_at=Moment(self._published(scenario) + place * 2 * DAY),
        )

    def _sequence(self, number: int) -> ScenarioSequence:
        release, place = self.sequences.parent(number)
        name = self.plan(release).phases[place]
        return ScenarioSequence(number=number, release=release, name=name, order_index=place)

    def _step(self, number: int) -> ScenarioStep:
        sequence, _ = self.steps.parent(number)
        release, _ = self.sequences.parent(sequence)
        place = number - self.steps_of(release).start
        action = self.plan(release).actions[place]
        return ScenarioStep(
            number=number,
            sequence=sequence,
            name=action.name,
            order_index=place,
            checkboxes=action.checks,
            external_data={"operation": f"{10 * (place + 1):04d}"},
        )

    def _session(self, number: int) -> ScenarioSession:
        history = self.history(number)
        external: dict[str, JSON] = {"work_order_id": labels.work_order(number)}
        scenario, _ = self.releases.parent(history.release)
        if parts := history.plan.procedure.task.parts:
            external["partNumbers"] = [labels.part(scenario, code) for code in parts]
        last = Moment(history.stretches[-1][1])
        return ScenarioSession(
            number=number,
            release=history.release,
            created_by=self.by_person.owner(number),
            session_type=history.type,
            state=PAUSED if history.paused else FINISHED,
            started_at=Moment(history.stretches[0][0]),
            since=last,
            part=self.parts.children(number)[-1],
            worked=history.worked,
            ended_at=None if history.paused else last,
            steps_possible=len(history.plan.actions),
            steps_viewed=history.viewed,
            external_data=external,
        )

    def _part(self, number: int) -> ScenarioSessionPart:
        session, place = self.parts.parent(number)
        begin, end = self.history(session).stretches[place]
        return ScenarioSessionPart(
            number=number,
            session=session,
            created_by=self.worker(session, place),
            started_at=Moment(begin),
            ended_at=Moment(end),
            external_data={"shift": shift_of(Moment(begin))},
        )

    def _session_step(self, number: int) -> ScenarioSessionStep | None:
        session, place = self._step_place(number)
        history = self.history(session)
        if place >= len(history.plan.actions):
            return None
        return ScenarioSessionStep(
            number=number,
            session=session,
            step=self.steps_of(history.release)[place],
            viewed_at=history.moment(place) if place < history.viewed else None,
        )

    def _event(self, number: int) -> ScenarioSessionEvent:
        session, index = self.events.parent(number)
        history = self.history(session)
        draw = self.seed.number("event", number)
        place, within = self.event_place(session, index, draw)
        type_ = _EVENT_TYPES[draw // 1024 % len(_EVENT_TYPES)]
        check = self.check_at(session, place) if type_ == "CHECKBOX" else None
        if type_ == "CHECKBOX":
            type_, within = ("TEXT", within) if check is None else (type_, TICKED_AT)
        moment = history.moment(place + within)
        procedure, action = history.plan.procedure, history.plan.actions[place]
        return ScenarioSessionEvent(
            number=number,
            session=session,
            session_step=(session - 1) * STEP_STRIDE + place + 1,
            created_by=self.worker(session, history.stretch_at(moment)),
            type=type_,
            created_at=moment,
            received_at=Moment(moment + 400 + draw // 8192 % 3600),
            event_data=event_data(
                type_,
                procedure.equipment,
                procedure.tag,
                action.name,
                check=check or "",
                draw=draw // 2**32,
            ),
        )

    def _checkbox(self, number: int) -> ScenarioSessionCheckbox | None:
        step, box = (number - 1) // CHECKBOX_STRIDE + 1, (number - 1) % CHECKBOX_STRIDE
        session, place = self._step_place(step)
        history = self.history(session)
        if place >= len(history.plan.actions) or box >= len(history.plan.actions[place].checks):
            return None
        at = history.moment(place + TICKED_AT) if self.ticked(session, place)[box] else None
        return ScenarioSessionCheckbox(
            number=number,
            session=session,
            session_step=step,
            name=history.plan.actions[place].checks[box],
            checked_at=at,
            checked_by=None if at is None else self.worker(session, history.stretch_at(at)),
        )

    def _step_place(self, session_step: int) -> tuple[int, int]:
        """Return the session of a session's step, and the step's place in it."""
        session, place = divmod(session_step - 1, STEP_STRIDE)
        return session + 1, place

    def _call(self, number: int) -> Call:
        begin = self.session_moment(number, self.counts[Kind.CALL])
        return Call(
            number=number,
            created_by=self._participant_user(number, 0),
            state=FINISHED,
            started_at=begin,
            ended_at=Moment(begin + self._call_length(number)),
            external_data={"case_id": labels.case(number)},
        )

    def _call_length(self, number: int) -> int:
        return 4 * MINUTE + self.seed.number("call", number) % (40 * MINUTE)

    def _participant_user(self, call: int, place: int) -> int:
        return self.people[(self.seed.number("participants", call) + place) % len(self.people)]

    def _participant(self, number: int) -> CallParticipant:
        call, place = self.participants.parent(number)
        begin = self.session_moment(call, self.counts[Kind.CALL])
        late = place * (20_000 + self.seed.number("joined", number) % 90_000)
        return CallParticipant(
            number=number,
            call=call,
            user=self._participant_user(call, place),
            joined_at=Moment(begin + late),
            left_at=Moment(begin + self._call_length(call)),
        )
