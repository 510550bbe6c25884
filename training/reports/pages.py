"""The trainer's pages, and the page on which a member sees what they show of them."""

import re
from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, render_template, url_for

from training.access import Permission
from training.audit.actions import record
from training.audit.looks import note_look_at_group
from training.audit.rules import Event
from training.cohorts import queries as cohort_queries
from training.cohorts.accessors import group_or_404, mode_explained, mode_label, session_kind, session_time
from training.cohorts.models import TrainingGroup
from training.cohorts.rules import FEWEST, has_begun, shown_code
from training.cohorts.sessions import session_lines
from training.courses.accessors import course_or_404, library, published_or_404
from training.languages import sort_key
from training.reports import export, queries, rules
from training.web import visitor
from training.web.guard import Pages
from training.web.requests import now, reading, settings, writing
from training.web.spreadsheets import as_csv, as_xlsx
from training.web.words import Speech, language, speech

pages = Pages("reports", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.page("/groups/", allow=Permission.LEAD_GROUPS)
def groups() -> str:
    lines = cohort_queries.group_lines(reading(), visitor.actor().person_id)
    return render_template("reports/groups.html", lines=lines, mode_label=mode_label)


@pages.page("/groups/<uuid:group_id>/", allow=Permission.LEAD_GROUPS)
def group(group_id: UUID) -> str:
    found = group_or_404(group_id)
    view = queries.group_view(reading(), library(), found, language=language(), now=now())
    note_look_at_group(found.id, last_joined_at=view.last_joined_at)
    lines = session_lines(reading(), found.id)
    ahead = sum(line.meeting.recorded_at is None for line in lines)
    return render_template(
        "reports/group.html",
        view=view,
        group=found,
        course=course_or_404(found.course),
        compared=queries.compared(reading(), found),
        rows=_by_name(view.rows),
        sessions=[(line, has_begun(line.meeting.starts_at, now())) for line in lines],
        too_few_sessions=rules.too_few_sessions(view.rows, asked=found.sessions_asked, ahead=ahead),
        session_kind=session_kind,
        session_time=session_time,
        reader=speech(),
        mode_label=mode_label,
        mode_explained=mode_explained,
        state_word=export.state_word,
        state=rules.CellState,
        link=settings().public_url + url_for("groups.join", code=found.code),
        code=shown_code(found.code),
        speech=_speech_of(found),
    )


@pages.page("/groups/<uuid:group_id>/questions/<chapter>", allow=Permission.LEAD_GROUPS)
def questions(group_id: UUID, chapter: str) -> str:
    found = group_or_404(group_id)
    course = course_or_404(found.course)
    loaded = published_or_404(course, chapter)
    return render_template(
        "reports/questions.html",
        group=found,
        course=course,
        chapter=loaded,
        figures=queries.question_figures(reading(), found, loaded),
        fewest=FEWEST,
    )


@pages.page("/groups/<uuid:group_id>/table.<any(csv, xlsx):form>", allow=Permission.LEAD_GROUPS)
def table(group_id: UUID, form: str) -> Response:
    found = group_or_404(group_id)
    view = queries.group_view(reading(), library(), found, language=language(), now=now())
    headings, rows = export.table(view, _speech_of(found))
    with writing() as session:
        record(
            session,
            Event.GROUP_TABLE_EXPORTED,
            actor_id=visitor.actor().person_id,
            subject=str(found.id),
            now=now(),
            people=view.people,
        )
    if form == "csv":
        body, kind = as_csv(headings, rows, language()), "text/csv; charset=utf-8"
    else:
        body, kind = as_xlsx(found.name, headings, rows), XLSX
    name = re.sub(r"[^\w-]+", "-", found.name).strip("-") or "group"
    response = Response(body, mimetype=None, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{form}")
    return response


@pages.page("/account/others", allow=Permission.LEARN)
def others() -> str:
    """What others see of me: made by the very query that makes the trainer's page."""
    actor = visitor.actor()
    seen = [
        (own, queries.group_view(reading(), library(), own.group, language=language(), now=now(), only=actor.person_id))
        for own in cohort_queries.memberships_of(reading(), actor.person_id)
    ]
    return render_template(
        "reports/others.html",
        seen=seen,
        mode_label=mode_label,
        mode_explained=mode_explained,
        state_word=export.state_word,
        speech_of=_speech_of,
    )


def _speech_of(group: TrainingGroup) -> Speech:
    """Return the reader's language with the group's time zone: its dates are its own."""
    return Speech(language(), ZoneInfo(group.time_zone))


def _by_name(rows: Sequence[rules.Row]) -> list[rules.Row]:
    return sorted(rows, key=lambda row: sort_key(row.name, language()))
