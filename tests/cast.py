"""A fixed cast: one learns, one trains, one administers, one is somebody else; and noise around them.

People are made by the program's own actions. Passwords are hashed once for all tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.access import Actor, Role
from training.cohorts.actions import GroupPlan, join, make_group
from training.cohorts.models import TrainingGroup
from training.cohorts.rules import PrivacyMode, SessionKind, Terms
from training.cohorts.sessions import SessionPlan, note_attendance, plan_session
from training.comparison import actions as comparison_actions
from training.comparison import queries as comparison_queries
from training.comparison.rules import Confidence, Moment
from training.courses.library import Chapter, Library
from training.courses.questions import Kind, Question
from training.db import new_id
from training.demo import seed_authorities
from training.languages import Language
from training.people import actions, passwords
from training.people.models import LocalAuthority, Person, RoleGrant
from training.progress.actions import enrol, reach, settle
from training.progress.rules import MilestoneKind, Step
from training.quizzes import actions as quiz_actions
from training.quizzes import queries as quiz_queries
from training.quizzes.models import Attempt
from training.quizzes.rules import key_of

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PASSWORD = "seven herons over the weir"
COURSE = "local-prevention"
CHAPTER = "understanding"


@cache
def password_hash() -> str:
    """The hash of everybody's password: hashing costs 30 ms by design."""
    return passwords.hash_password(PASSWORD)


@dataclass
class Cast:
    """The people of a test, in a database that holds nothing else."""

    session: Session
    library: Library = field(repr=False)
    places: Mapping[str, UUID] = field(default_factory=dict)
    count: int = 0
    now: datetime = NOW
    """The moment at which everything happens that says no other; pages are tested at the real one."""

    def person(
        self,
        name: str = "Ada Learner",
        *,
        language: Language = Language.EN,
        place: str | None = "liege",
        email: str = "",
        begun: bool = True,
    ) -> UUID:
        """Make a person with an account; one that was made for them, and is not in use yet, if they have not begun."""
        self.count += 1
        new = actions.NewPerson(
            name=name,
            email=email or f"person{self.count}@example.org",
            password_hash=password_hash() if begun else None,
            language=language,
            time_zone="Europe/Brussels",
            field_of_work="social",
            employer="",
            authority_id=self.places[place] if place else None,
            confirmed=begun,
        )
        return actions.make_account(self.session, new, now=self.now - timedelta(days=30)).id

    def grant(self, person_id: UUID, role: Role, place: str | None = None) -> None:
        actions.grant(
            self.session, None, person_id, role, authority_id=self.places[place] if place else None, now=self.now
        )

    def trainer(self, name: str = "Tom Trainer") -> UUID:
        person_id = self.person(name)
        self.grant(person_id, Role.TRAINER)
        return person_id

    def administrator(self, name: str = "Alba Administrator", place: str | None = None) -> UUID:
        person_id = self.person(name, place=place or "liege")
        self.grant(person_id, Role.ADMINISTRATOR, place)
        return person_id

    def actor(self, person_id: UUID) -> Actor:
        """The person as decisions see them."""
        person = self.session.get_one(Person, person_id)
        grants = self.session.scalars(
            select(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.withdrawn_at.is_(None))
        ).all()
        return Actor(
            person_id=person_id,
            name=person.name,
            language=Language(person.language),
            zone=ZoneInfo(person.time_zone),
            field_of_work=person.field_of_work,
            session_key="",
            trains=any(grant.role == Role.TRAINER for grant in grants),
            administers=frozenset(grant.authority_id for grant in grants if grant.role == Role.ADMINISTRATOR),
        )

    def group(
        self,
        trainer: UUID,
        *members: UUID,
        mode: PrivacyMode = PrivacyMode.MILESTONES,
        sessions_asked: int = 0,
        due: Mapping[str, date] | None = None,
        name: str = "Group North",
    ) -> TrainingGroup:
        plan = GroupPlan(
            name=name,
            course=COURSE,
            languages=[Language.EN, Language.FR],
            time_zone="Europe/Brussels",
            starts_on=self.now.date() - timedelta(days=14),
            privacy_mode=mode,
            sessions_asked=sessions_asked,
            due=due or {},
        )
        group = make_group(self.session, self.actor(trainer), plan, now=self.now - timedelta(days=14))
        for member in members:
            join(self.session, member, group, seen=Terms(mode, sessions_asked), now=self.now - timedelta(days=10))
        return group

    def meets(
        self,
        trainer: UUID,
        group: TrainingGroup,
        *attended: UUID,
        days: int = -1,
        title: str = "Opening day",
        place: str = "Town hall, room 2",
    ) -> UUID:
        """Plan a session so many days from now; note who attended, if it lies behind and anybody is named."""
        morning = self.now.replace(hour=8, minute=30, second=0, microsecond=0) + timedelta(days=days)
        plan = SessionPlan(
            title=title,
            kind=SessionKind.FACE_TO_FACE,
            place=place,
            time_zone="Europe/Brussels",
            starts_at=morning,
            ends_at=morning + timedelta(hours=2),
        )
        actor = self.actor(trainer)
        meeting = plan_session(self.session, actor, group.id, plan, now=self.now)
        if attended:
            note_attendance(self.session, actor, group.id, meeting.id, attended, seen=None, now=self.now)
            settle(self.session, self.library, attended, COURSE, now=self.now)
        return meeting.id

    def chapter(self) -> Chapter:
        return self.library.courses[COURSE].by_slug[CHAPTER]

    def reads(self, person_id: UUID, *sections: str, at: datetime | None = None) -> None:
        """Let a person have read sections of the first chapter; all of them without a name."""
        names = sections or tuple(self.chapter().section_ids)
        steps = [Step(MilestoneKind.SECTION_READ, f"{CHAPTER}/{name}") for name in names]
        self.reaches(person_id, *steps, at=at)

    def completes(self, person_id: UUID, *, at: datetime | None = None) -> None:
        """Let a person have completed the course as its present rule asks."""
        self.reaches(person_id, *self.every_step(), at=at)

    def every_step(self) -> list[Step]:
        """All that the present rule asks for, chapter by chapter."""
        course = self.library.courses[COURSE]
        rule = course.file.current_rule
        steps = []
        for slug in rule.chapters:
            steps += [Step(MilestoneKind.SECTION_READ, f"{slug}/{name}") for name in course.by_slug[slug].section_ids]
            steps.append(Step(MilestoneKind.QUIZ_PASSED, slug))
            if rule.film:
                steps.append(Step(MilestoneKind.FILM_WATCHED, slug))
        return steps

    def hands_in(self, person_id: UUID, *, right: int = 0, at: datetime | None = None) -> Attempt:
        """Let a person begin the first chapter's quiz, answer so many questions rightly, the rest wrongly, hand in."""
        at = at or self.now
        enrol(self.session, self.library, person_id, COURSE, now=at)
        chapter = self.chapter()
        attempt = quiz_actions.begin(
            self.session, person_id, chapter, count=8, field_of_work="social", language=Language.EN, now=at
        )
        for number, question in enumerate(quiz_queries.questions_of(self.session, attempt).values()):
            change = quiz_actions.Change(
                id=new_id(),
                attempt_id=attempt.id,
                question=question.id,
                response=key_of(question) if number < right else wrong_answer(question),
                language=Language.EN,
                device="",
                given_at=at,
            )
            quiz_actions.store(self.session, person_id, chapter, change, now=at)
        done = quiz_actions.hand_in(self.session, person_id, chapter, attempt.id, passed_at=6, now=at)
        if done.passed:
            self.reaches(person_id, Step(MilestoneKind.QUIZ_PASSED, CHAPTER), at=at)
        return done

    def compares(self, person_id: UUID, *moments: Moment, at: datetime | None = None) -> None:
        """Let a person answer every item before the course, or before and after it, and hand in."""
        course, at = self.library.courses[COURSE], at or self.now
        for moment in moments:
            passed = {course.last} if moment is Moment.AFTER else set[str]()
            comparison_actions.begin(self.session, person_id, course, moment, passed=passed, now=at)
            form = comparison_queries.form_taken(self.session, person_id, COURSE, moment)
            for item in form.items.values() if form else []:
                reply = comparison_actions.Reply(
                    item=item.id, option=item.options[0].id, confidence=Confidence.SURE, language=Language.EN
                )
                comparison_actions.answer(self.session, person_id, course, moment, reply, now=at)
            comparison_actions.hand_in(self.session, person_id, course, moment, now=at)

    def reaches(self, person_id: UUID, *steps: Step, at: datetime | None = None) -> None:
        now = at or self.now
        reach(self.session, self.library, person_id, COURSE, list(steps), done_at=now, language=Language.EN, now=now)


def wrong_answer(question: Question) -> list[str]:
    """Return an answer to a question that is not right."""
    key = key_of(question)
    if question.kind in {Kind.ORDER, Kind.MATCH}:
        return key[::-1] if question.kind is Kind.ORDER else key[:1]
    return [next(option.id for option in question.options if not option.right)]


def assemble(session: Session, library: Library, *, now: datetime = NOW) -> Cast:
    """Return an empty stage with the local authorities on it."""
    seed_authorities(session, library, now=now - timedelta(days=60))
    places = {place.slug: place.id for place in session.scalars(select(LocalAuthority))}
    return Cast(session=session, library=library, places=places, now=now)


def noise(cast: Cast) -> None:
    """People, a group and progress that no test speaks of: a missing filter shows."""
    trainer = cast.trainer("Nora Noise")
    members = [cast.person(f"Noise {number}", place="augsburg") for number in range(3)]
    cast.group(trainer, *members, name="Noise group")
    cast.reads(members[0], "the-word")
    cast.completes(members[1])


def identifier() -> UUID:
    """An identifier that nothing has."""
    return new_id()
