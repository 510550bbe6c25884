"""Sessions as trainers plan and note them, and as members see them: the same figure in every view."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar
from openpyxl import load_workbook
from sqlalchemy import select

from tests.cast import COURSE, Cast
from tests.pages import Visitor
from tests.sealing import appoint, seal
from tests.tables import nothing_changes
from training.certificates import actions as certificate_actions
from training.certificates.models import Certificate, CertificateEvidence
from training.certificates.rules import Claims
from training.cohorts.models import GroupSession
from training.db import Database
from training.languages import Language

Stage = Callable[[Callable[[Cast], None]], None]
DAY = timedelta(days=1)
WAITS = "You have completed every chapter. At least one session is still open."


@pytest.fixture
def people(stage: Stage) -> dict[str, UUID]:
    """A trainer with a group of two; Ada reads French."""
    found: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        found["tom"] = cast.trainer("Tom Trainer")
        found["ada"] = cast.person("Ada Learner", language=Language.FR)
        found["bea"] = cast.person("Bea")
        found["group"] = cast.group(found["tom"], found["ada"], found["bea"]).id

    stage(play)
    return found


@pytest.fixture
def tom(app: Flask, people: dict[str, UUID]) -> Visitor:
    return Visitor(app).enter(people["tom"])


def said(day: datetime, /, **instead: Any) -> dict[str, Any]:
    """What the form of a session sends; a day is written as in Athens."""
    there = day.astimezone(ZoneInfo("Europe/Athens"))
    return {
        "title": "Opening day",
        "kind": "face-to-face",
        "place": "Town hall, room 2",
        "day": there.date().isoformat(),
        "begins_at": there.strftime("%H:%M"),
        "minutes": "90",
        "time_zone": "Europe/Athens",
        **instead,
    }


def plan(tom: Visitor, people: dict[str, UUID], day: datetime, /, **instead: Any) -> str:
    """Plan a session and return the path of its page."""
    path = f"/en/groups/{people['group']}/sessions/new"
    answer = tom.post(path, said(day, **instead)).response
    return str(answer.location)


def note(tom: Visitor, path: str, *people: UUID) -> None:
    form = tom.get(path).filled()
    tom.post(path, {"attended": [str(person) for person in people], "seen": form.get("seen", [""])[0]})


def past() -> datetime:
    """A noon that lies behind: the clocks of no zone skip it, or strike it twice."""
    return datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - DAY


def test_a_session_is_planned_in_the_clock_of_its_place_and_the_form_gives_back_what_was_written(
    tom: Visitor, people: dict[str, UUID], app_database: Database
) -> None:
    day = past()
    path = plan(tom, people, day)
    with app_database.reading() as session:
        meeting = session.scalars(select(GroupSession)).one()
    assert (meeting.starts_at, meeting.ends_at, meeting.time_zone) == (
        day,
        day + timedelta(minutes=90),
        "Europe/Athens",
    )
    form = tom.get(path + "edit").filled()
    assert {name: values[0] for name, values in form.items()} == said(day)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"day": "2026-02-30"}, "Please write a day that exists, as year-month-day."),
        ({"begins_at": "half past"}, "Please write a time as hours and minutes, such as 14:30."),
        ({"minutes": "0"}, "Please write a number from 1 to 720."),
        ({"minutes": "two hours"}, "Please write a whole number."),
        ({"kind": "walk"}, "Please choose one of the list."),
        ({"time_zone": "Mars/Olympus"}, "Please choose one of the list."),
        ({"place": "x" * 301}, "Please write 300 characters or fewer."),
        ({"day": "2027-03-28", "begins_at": "03:30"}, "The clocks skip this time on that day. Please write another."),
    ],
)
def test_what_cannot_be_a_session_is_refused_and_changes_nothing(
    tom: Visitor, people: dict[str, UUID], app_database: Database, wrong: dict[str, str], message: str
) -> None:
    path = f"/en/groups/{people['group']}/sessions/new"
    with app_database.reading() as session, nothing_changes(session):
        page = tom.post(path, said(past(), **wrong), status=422)
        session.rollback()
    assert message in page.text


def test_attendance_is_the_same_for_trainer_member_table_and_certificate(
    app: Flask, tom: Visitor, people: dict[str, UUID], stage: Stage, app_database: Database
) -> None:
    """G10, H5: the certificate says in which group and at how many of its sessions; what is planned counts nowhere."""
    first = plan(tom, people, past() - 5 * DAY)
    second = plan(tom, people, past(), title="Cases from four cities", kind="online")
    plan(tom, people, past() + 9 * DAY, title="To come")
    note(tom, first, people["ada"], people["bea"])
    assert "1 held, 1 planned" in tom.get(f"/en/groups/{people['group']}/").text, "what is over is planned no more"
    note(tom, second, people["bea"])
    page = tom.get(f"/en/groups/{people['group']}/")
    lines = {row.find("th").text: row.findall("td")[-1].text for row in page.tree.iterfind(".//table[@class]//tr[td]")}
    assert (lines["Ada Learner"], lines["Bea"]) == ("1 of 2", "2 of 2")
    assert "2 held, 1 planned" in page.text
    table = tom.client.get(f"/en/groups/{people['group']}/table.xlsx").data
    headings, *rows = load_workbook(io.BytesIO(table)).worksheets[0].iter_rows(values_only=True)
    own_row = dict(zip(headings, next(row for row in rows if row[1] == "Ada Learner"), strict=True))
    assert (own_row["Sessions attended"], own_row["Sessions held"]) == (1, 2)
    ada = Visitor(app).enter(people["ada"])
    assert "1 sur 2" in ada.get("/fr/account/others").text
    own = ada.get("/fr/progress")
    assert own.text.index("Opening day") < own.text.index("Cases from four cities") < own.text.index("To come")
    cells = own.tree.xpath(".//td[@data-label='Présence']")
    assert ["".join(cell.itertext()).strip() for cell in cells] == ["oui", "non", "–"]

    def issue(cast: Cast) -> None:
        cast.count = 100
        appoint(cast.session)
        cast.completes(people["ada"])
        certificate_actions.confirm_name(cast.session, people["ada"], "Ada Learner", now=cast.now)
        course = cast.library.courses[COURSE]
        actor = cast.actor(cast.administrator())
        certificate_actions.issue(cast.session, actor, people["ada"], course, seal=seal(), now=cast.now)

    stage(issue)
    with app_database.reading() as session:
        certificate = session.scalars(select(Certificate)).one()
        facts = session.scalars(select(CertificateEvidence.facts)).one()
    claims = Claims.model_validate(certificate.claims)
    assert (claims.group, claims.sessions) == ("Group North", (1, 2))
    assert [(one["title"], one["kind"], one["attended"]) for one in facts["sessions"]] == [
        ("Opening day", "face-to-face", True),
        ("Cases from four cities", "online", False),
    ]
    assert "1 von 2" in Visitor(app).get(f"/de/verify/{certificate.code}").text


@pytest.mark.parametrize("language", Language)
def test_a_member_reads_on_the_first_page_when_and_where_the_group_meets_next(
    app: Flask, tom: Visitor, people: dict[str, UUID], language: Language
) -> None:
    coming = past() + 4 * DAY
    plan(tom, people, coming, place="https://meet.example/room", kind="online")
    plan(tom, people, past(), title="Gone by")
    page = Visitor(app).enter(people["ada"]).get(f"/{language}/")
    assert "https://meet.example/room" in page.links()
    assert "Opening day" in page.text
    assert "Gone by" not in page.text
    there = coming.astimezone(ZoneInfo("Europe/Athens")).strftime("%H:%M")
    assert there in page.text
    assert {"en": "Athens", "fr": "Athènes", "es": "Atenas", "it": "Atene", "de": "Athen"}[language] in page.text
    stranger = Visitor(app).enter(people["tom"]).get(f"/{language}/")
    assert "Opening day" not in stranger.text


def test_attendance_can_be_noted_from_the_beginning_on_and_not_before(tom: Visitor, people: dict[str, UUID]) -> None:
    """H3: the server's clock decides."""
    path = plan(tom, people, past() + 3 * DAY)
    assert "Once the session has begun" in tom.get(path).text
    refused = tom.post(path, {"attended": [str(people["ada"])], "seen": ""}, status=422)
    assert "The session has not begun yet" in refused.text


def test_a_second_tab_does_not_wipe_what_was_noted_in_the_first(tom: Visitor, people: dict[str, UUID]) -> None:
    path = plan(tom, people, past())
    note(tom, path, people["ada"])
    page = tom.post(path, {"attended": [str(people["bea"])], "seen": ""}, status=409)
    assert "Somebody else has noted attendance since you opened this page." in page.text
    assert tom.get(path).filled()["attended"] == [str(people["ada"])]


def test_a_trainer_who_opens_the_list_of_a_session_is_named_to_its_members(
    app: Flask, tom: Visitor, people: dict[str, UUID]
) -> None:
    tom.get(plan(tom, people, past()))
    assert "Tom Trainer" in Visitor(app).enter(people["ada"]).get("/fr/account/data").text


def test_a_course_waits_for_the_session_that_the_group_asks_for_and_every_page_says_so(
    app: Flask, tom: Visitor, people: dict[str, UUID], stage: Stage
) -> None:
    """C1: what is still open is said in words, with a way to it; noting attendance completes the course at once."""
    path = f"/en/groups/{people['group']}"

    def play(cast: Cast) -> None:
        cast.count = 100
        asking = cast.group(people["tom"], people["bea"], sessions_asked=1, name="Group South")
        people["asking"] = asking.id
        cast.completes(people["bea"])

    stage(play)
    path = f"/en/groups/{people['asking']}"
    assert "Some members can no longer reach the number of sessions" in tom.get(f"{path}/").text
    bea = Visitor(app).enter(people["bea"])
    assert WAITS in bea.get("/en/").text
    assert WAITS in bea.get("/en/courses/local-prevention/").text
    own = bea.get("/en/progress")
    assert "Still open: one session to attend" in own.text
    assert "“Group South” asks you to attend one session; attended so far: 0" in own.text
    assert "asked for: 1" in bea.get("/en/account/others").text
    assert "No certificate yet" in bea.get("/en/account/certificates").text
    meeting = plan(tom, people | {"group": people["asking"]}, past())
    assert "Some members can no longer reach" not in tom.get(f"{path}/").text
    note(tom, meeting, people["bea"])
    assert "You have completed the course." in bea.get("/en/").text
    done = bea.get("/en/progress")
    assert "Still open" not in done.text
    assert "attended so far: 1" in done.text


@pytest.mark.parametrize("way_out", ["the trainer asks for none", "the member leaves"])
def test_who_asks_for_less_or_leaves_is_held_up_no_longer(
    app: Flask, tom: Visitor, people: dict[str, UUID], stage: Stage, way_out: str
) -> None:
    def play(cast: Cast) -> None:
        cast.count = 100
        people["asking"] = cast.group(people["tom"], people["bea"], sessions_asked=2, name="Group South").id
        cast.completes(people["bea"])

    stage(play)
    path = f"/en/groups/{people['asking']}"
    bea = Visitor(app).enter(people["bea"])
    if way_out == "the member leaves":
        bea.post(f"{path}/leave")
    else:
        form = tom.get(f"{path}/edit").filled()
        more = tom.post(f"{path}/edit", {**form, "sessions_asked": "3"}, status=422)
        assert "The group has members already: this number can only go down now." in more.text
        tom.post(f"{path}/edit", {**form, "sessions_asked": "0"})
    assert "You have completed the course." in bea.get("/en/").text


@pytest.mark.parametrize("language", Language)
def test_what_a_group_asks_for_is_read_before_one_joins_and_nobody_joins_under_more(
    app: Flask, tom: Visitor, people: dict[str, UUID], stage: Stage, app_database: Database, language: Language
) -> None:
    """The rule is shown before the start, and who has read of one session is not held to two."""

    def play(cast: Cast) -> None:
        cast.count = 100
        group = cast.group(people["tom"], sessions_asked=3, name="Group South")
        people["asking"], codes["asking"] = group.id, group.code

    codes: dict[str, str] = {}
    stage(play)
    bea = Visitor(app).enter(people["bea"])
    page = bea.get(f"/{language}/join/{codes['asking']}")
    words = {
        "en": "also have to attend at least 3 sessions",
        "fr": "il faut aussi suivre au moins 3 séances",
        "es": "hay que asistir además al menos a 3 sesiones",
        "it": "occorre anche partecipare ad almeno 3 incontri",
        "de": "außerdem an mindestens 3 Terminen",
    }
    assert words[language] in page.text
    form = tom.get(f"/en/groups/{people['asking']}/edit").filled()
    tom.post(f"/en/groups/{people['asking']}/edit", {**form, "sessions_asked": "4"})
    bea.post(f"/{language}/join/{codes['asking']}", page.filled())
    assert "Group South" not in bea.get(f"/{language}/account/others").text
    bea.post(f"/{language}/join/{codes['asking']}", bea.get(f"/{language}/join/{codes['asking']}").filled())
    assert "Group South" in bea.get(f"/{language}/account/others").text


@pytest.mark.parametrize("language", Language)
def test_a_member_takes_a_session_into_their_own_calendar(
    app: Flask, tom: Visitor, people: dict[str, UUID], language: Language
) -> None:
    """H6: an entry in the clock of the place and in the reader's language; taken again, it replaces itself."""
    coming = past() + 4 * DAY
    path = plan(tom, people, coming, title="Öffnung; Tag 1, früh\\n", place="https://meet.example/room")
    ada = Visitor(app).enter(people["ada"])
    (link,) = {one for one in ada.get(f"/{language}/progress").links() if one.endswith(".ics")}
    assert link in ada.get(f"/{language}/").links()
    answer = ada.client.get(link)
    assert answer.content_type == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.data)
    (entry,) = calendar.events
    assert (entry.start, entry.end) == (coming, coming + timedelta(minutes=90))
    assert b"DTSTART;TZID=Europe/Athens:" in answer.data
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Europe/Athens"]
    assert (entry["SUMMARY"], entry["LOCATION"]) == ("Öffnung; Tag 1, früh\\n", "https://meet.example/room")
    kind = {"en": "face to face", "fr": "en présentiel", "es": "presencial", "it": "in presenza", "de": "in Präsenz"}
    assert entry["DESCRIPTION"] == f"{kind[language]}, Group North"
    assert str(entry["URL"]).endswith(f"/{language}/progress")
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n")), "RFC 5545, section 3.1"
    tom.post(path + "edit", said(coming + DAY))
    later = Calendar.from_ical(ada.client.get(link).data).events[0]
    assert (later["UID"], later.start) == (entry["UID"], coming + DAY)
    ada.post(f"/en/groups/{people['group']}/leave")
    ada.get(link, status=404)


def test_what_is_over_is_offered_for_no_calendar(app: Flask, tom: Visitor, people: dict[str, UUID]) -> None:
    plan(tom, people, past())
    own = Visitor(app).enter(people["ada"]).get("/en/progress")
    assert [link for link in own.links() if link.endswith(".ics")] == []
