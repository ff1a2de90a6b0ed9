"""The base: the world as the seed makes it, before anybody touches it.

Theory. Nothing is stored. A record's number alone gives, by arithmetic and one hash, its parent, its moment (rising with
the number), its fields and its children's numbers; ``rows`` says how. Records that were read lately are kept in a bounded
cache. So a world of a million sessions starts as fast as one of ten, and a record that nobody reads needs no memory.

User 1 is the integration's own account; the people of a script come next, then made-up ones. Steps and checkboxes of a
session are numbered by a fixed stride from their session's number, also for sessions that are created later, so that
they need no record of their own until somebody views or ticks them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from simulator.clock import Moment
from simulator.settings import Settings
from simulator.world import fakes
from simulator.world.layout import (
    CACHE,
    CHECKBOX_STRIDE,
    DAY,
    HISTORY_DAYS,
    HOUR,
    MINUTE,
    STEP_STRIDE,
    Layout,
)
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
    ScenarioRelease,
    ScenarioSequence,
    ScenarioSession,
    ScenarioSessionCheckbox,
    ScenarioSessionEvent,
    ScenarioSessionPart,
    ScenarioSessionStep,
    ScenarioStep,
    User,
)
from simulator.world.states import DEMO, FINISHED, PAUSED, PERSISTENT

__all__ = ["Base"]

_EVENT_TYPES = ("PHOTO", "PHOTO", "TEXT", "MEASUREMENT", "QUIZ", "VIDEO")
_LICENSES = ("VIEWER", "VIEWER", "AUTHOR", "ANALYST", "TECH", "EXPERT")


class _Work(NamedTuple):
    """When a session of the base was worked on: begin and end of each stretch."""

    stretches: tuple[tuple[int, int], ...]

    @property
    def worked(self) -> int:
        return sum(end - begin for begin, end in self.stretches)

    def moment(self, share: float) -> Moment:
        """Return the moment by which ``share`` (0 to 1) of the work was done."""
        left = int(self.worked * share)
        for begin, end in self.stretches[:-1]:
            if left <= end - begin:
                return Moment(begin + left)
            left -= end - begin
        return Moment(self.stretches[-1][0] + left)

    def stretch_at(self, moment: int) -> int:
        """Return the place of the stretch during which ``moment`` falls, or which came before it."""
        return max(place for place, (begin, _) in enumerate(self.stretches) if begin <= moment)


class Base(Layout):
    """The world that a seed and the sizes in ``settings`` make; ``start`` is the moment its present begins."""

    def __init__(self, settings: Settings, start: Moment) -> None:
        super().__init__(settings, start)
        self._settings = settings
        self.derived = 0
        """How many records were worked out so far: what a test counts to show that nothing is scanned."""
        self._cached = lru_cache(maxsize=CACHE)(self._derive)
        self._work = lru_cache(maxsize=CACHE)(self._make_work)
        self._makers: Mapping[Kind, Callable[[int], Record | None]] = {
            Kind.ORGANIZATION: self._organization,
            Kind.USER: self._user,
            Kind.GROUP: self._group,
            Kind.LICENSE: self._license,
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
        }

    def derive(self, ref: Ref) -> Record | None:
        """Return the untouched record, or None when the base has none of that number."""
        if not 1 <= ref.number <= self.counts[ref.kind]:
            return None
        return self._cached(ref)

    def _derive(self, ref: Ref) -> Record | None:
        self.derived += 1
        return self._makers[ref.kind](ref.number)

    def _make_work(self, session: int) -> _Work:
        """Work out when a session was worked on; its parts' count decides how many stretches there are."""
        begin: int = self.session_moment(session, self.counts[Kind.SESSION])
        stretches = []
        for place in range(len(self.parts.children(session))):
            draw = self.seed.number("stretch", session, place)
            end = begin + 6 * MINUTE + draw % (30 * MINUTE)
            stretches.append((begin, end))
            begin = end + 10 * MINUTE + draw // 2**24 % (150 * MINUTE)
        return _Work(tuple(stretches))

    def _worker(self, session: int, place: int) -> int:
        """Return who worked the stretch at ``place``: the one who began, at times a colleague afterwards."""
        draw = self.seed.number("worker", session, place)
        if place == 0 or draw % 2:
            return self.by_person.owner(session)
        return self.people[draw // 2 % len(self.people)]

    def _session_of_step(self, number: int) -> tuple[ScenarioSession, int]:
        session, place = divmod(number - 1, STEP_STRIDE)
        record = self.derive(Ref(Kind.SESSION, session + 1))
        assert isinstance(record, ScenarioSession)
        return record, place

    def _organization(self, number: int) -> Organization:
        name = self._settings.organization or fakes.company(self.seed)
        slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
        return Organization(number=number, name=name, permalink=self._settings.permalink or slug)

    def _user(self, number: int) -> User:
        if number == 1:
            email = "integrator@example.com"
            return User(
                number=1, first_name="Integration", last_name="Account", username="integrator", email=email
            )
        draw = self.seed.number("user", number)
        given = self._settings.people[number - 2] if number - 2 < len(self._settings.people) else None
        if given is not None and given.name:
            first, _, last = given.name.partition(" ")
        else:
            first, last = fakes.person_name(self.seed, number)
        username = (given and given.username) or f"{first}.{last or number}".lower().replace(" ", "-")
        groups = self.counts[Kind.GROUP]
        return User(
            number=number,
            first_name=first,
            last_name=last,
            username=username,
            email=(given and given.email) or f"{username}@example.com",
            phone=(given and given.phone) or f"+1-555-01{draw % 100:02d}",
            job_title=(given and given.job_title) or fakes.JOB_TITLES[draw // 128 % len(fakes.JOB_TITLES)],
            groups=(1, 2 + draw // 1024 % (groups - 1)) if groups > 1 else (1,),
        )

    def _group(self, number: int) -> Group:
        names = fakes.GROUP_NAMES
        name = names[(number - 2) % len(names)] + ("" if number - 2 < len(names) else f" {number}")
        return Group(number=number, name="Default" if number == 1 else name)

    def _license(self, number: int) -> License:
        product = _LICENSES[self.seed.number("license", number) % len(_LICENSES)]
        return License(number=number, user=number, product="VIEWER" if number == 1 else product)

    def _published(self, scenario: int) -> int:
        behind = self.counts[Kind.SCENARIO] - scenario + 1
        return self.midnight - (HISTORY_DAYS + 7 * behind) * DAY + 9 * HOUR + scenario % 7 * 11 * MINUTE

    def _scenario(self, number: int) -> Scenario:
        words = fakes.procedure(self.seed, number)
        draw = self.seed.number("scenario", number)
        return Scenario(
            number=number,
            name=words.name,
            description=words.description,
            author=self.people[draw % len(self.people)],
            group=1 + draw // 1024 % self.counts[Kind.GROUP],
            published_at=Moment(self._published(number)),
        )

    def _release(self, number: int) -> ScenarioRelease:
        scenario, place = self.releases.parent(number)
        author = self.seed.number("release", number) % len(self.people)
        return ScenarioRelease(
            number=number,
            scenario=scenario,
            version=place + 1,
            author=self.people[author],
            published_at=Moment(self._published(scenario) + place * 2 * DAY),
        )

    def _sequence(self, number: int) -> ScenarioSequence:
        release, place = self.sequences.parent(number)
        return ScenarioSequence(number=number, release=release, name=fakes.phase(place), order_index=place)

    def _step(self, number: int) -> ScenarioStep:
        sequence, index = self.steps.parent(number)
        release, place = self.sequences.parent(sequence)
        return ScenarioStep(
            number=number,
            sequence=sequence,
            name=fakes.step_name(self.seed, release, place, index),
            order_index=number - self.steps_of(release).start,
            checkboxes=fakes.checkbox_texts(self.seed, number),
        )

    def _session(self, number: int) -> ScenarioSession:
        draw = self.seed.number("session", number)
        type_ = self.types[(number - 1) % len(self.types)]
        release = self.by_release.owner(number)
        possible = len(self.steps_of(release))
        work = self._work(number)
        paused = type_ == PERSISTENT and draw % 12 == 0
        viewed = possible if draw // 16 % 10 < 8 and not paused else 1 + draw // 256 % possible
        last = Moment(work.stretches[-1][1])
        return ScenarioSession(
            number=number,
            release=release,
            created_by=self.by_person.owner(number),
            session_type=type_,
            state=PAUSED if paused else FINISHED,
            started_at=Moment(work.stretches[0][0]),
            since=last,
            part=self.parts.children(number)[-1],
            worked=work.worked,
            ended_at=None if paused else last,
            steps_possible=possible,
            steps_viewed=0 if type_ == DEMO else viewed,
            external_data={"work_order_id": f"WO-{10_000 + number}"},
        )

    def _part(self, number: int) -> ScenarioSessionPart:
        session, place = self.parts.parent(number)
        begin, end = self._work(session).stretches[place]
        return ScenarioSessionPart(
            number=number,
            session=session,
            created_by=self._worker(session, place),
            started_at=Moment(begin),
            ended_at=Moment(end),
        )

    def _session_step(self, number: int) -> ScenarioSessionStep | None:
        session, place = self._session_of_step(number)
        steps = self.steps_of(session.release)
        if place >= len(steps):
            return None
        seen = place < session.steps_viewed
        moment = self._work(session.number).moment((place + 1) / (session.steps_viewed + 1)) if seen else None
        return ScenarioSessionStep(number=number, session=session.number, step=steps[place], viewed_at=moment)

    def _event(self, number: int) -> ScenarioSessionEvent:
        session, index = self.events.parent(number)
        record = self.derive(Ref(Kind.SESSION, session))
        assert isinstance(record, ScenarioSession)
        draw = self.seed.number("event", number)
        place = index * record.steps_viewed // len(self.events.children(session))
        work = self._work(session)
        moment = work.moment((place + 1 + draw % 900 / 1000) / (record.steps_viewed + 1))
        return ScenarioSessionEvent(
            number=number,
            session=session,
            session_step=(session - 1) * STEP_STRIDE + place + 1,
            created_by=self._worker(session, work.stretch_at(moment)),
            type=_EVENT_TYPES[draw // 1024 % len(_EVENT_TYPES)],
            created_at=moment,
            received_at=Moment(moment + 400 + draw // 8192 % 3600),
        )

    def _checkbox(self, number: int) -> ScenarioSessionCheckbox | None:
        step_number, place = (number - 1) // CHECKBOX_STRIDE + 1, (number - 1) % CHECKBOX_STRIDE
        step = self.derive(Ref(Kind.SESSION_STEP, step_number))
        if not isinstance(step, ScenarioSessionStep):
            return None
        texts = fakes.checkbox_texts(self.seed, step.step)
        if place >= len(texts):
            return None
        ticked = step.viewed_at is not None and self.seed.number("ticked", number) % 8 > 0
        return ScenarioSessionCheckbox(
            number=number,
            session=step.session,
            session_step=step_number,
            name=texts[place],
            checked_at=step.viewed_at if ticked else None,
            checked_by=self._worker(step.session, self._work(step.session).stretch_at(step.viewed_at))
            if ticked and step.viewed_at is not None
            else None,
        )

    def _call(self, number: int) -> Call:
        begin = self.session_moment(number, self.counts[Kind.CALL])
        return Call(
            number=number,
            created_by=self._participant_user(number, 0),
            state=FINISHED,
            started_at=begin,
            ended_at=Moment(begin + self._call_length(number)),
            external_data={"case_id": f"CASE-{2000 + number}"},
        )

    def _call_length(self, number: int) -> int:
        return 4 * MINUTE + self.seed.number("call", number) % (40 * MINUTE)

    def _participant_user(self, call: int, place: int) -> int:
        users = self.counts[Kind.USER]
        return 1 + (self.seed.number("participants", call) + place) % users

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
