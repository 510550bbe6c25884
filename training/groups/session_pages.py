"""The sessions of a group: planning them, and noting who attended."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from training.access import Permission
from training.audit.looks import note_look_at_group
from training.cohorts import queries, rules, sessions
from training.cohorts.accessors import group_or_404, session_kind, session_time
from training.cohorts.models import GroupSession, TrainingGroup
from training.cohorts.queries import Member
from training.cohorts.rules import SessionKind
from training.cohorts.sessions import SessionPlan
from training.courses.accessors import library
from training.groups.export import calendar_entry
from training.groups.forms import AttendanceForm, SessionForm
from training.languages import sort_key
from training.progress.actions import settle
from training.web import visitor
from training.web.guard import Pages
from training.web.requests import now, reading, settings, writing
from training.web.words import _, language, speech, zone_of

pages = Pages("sessions", __name__)


@pages.page("/groups/<uuid:group_id>/sessions/new", allow=Permission.LEAD_GROUPS, methods=("GET", "POST"))
def new(group_id: UUID) -> Response | str | tuple[str, int]:
    group = group_or_404(group_id)
    form = SessionForm(time_zone=group.time_zone)
    form.offer()
    if request.method == "GET":
        return _edit_page(group, form, None)
    if not form.validate():
        return _edit_page(group, form, None), 422
    with writing() as session:
        meeting = sessions.plan_session(session, visitor.actor(), group_id, _plan(form), now=now())
        planned = meeting.id
    flash(_("The session is planned. Members now see it."), "success")
    return redirect(url_for("sessions.session", group_id=group_id, session_id=planned))


@pages.page("/groups/<uuid:group_id>/sessions/<uuid:session_id>/", allow=Permission.LEAD_GROUPS)
def session(group_id: UUID, session_id: UUID) -> str:
    group, meeting = _led_session(group_id, session_id)
    members = _members(group)
    note_look_at_group(group.id, last_joined_at=queries.last_joined_at(members))
    noted = {one.person_id: one.attended for one in sessions.attendance_at(reading(), meeting)}
    form = AttendanceForm(
        attended=[str(member.person_id) for member in members if noted.get(member.person_id)],
        seen=meeting.recorded_at.isoformat() if meeting.recorded_at else "",
    )
    return _session_page(group, meeting, members, form)


@pages.page(
    "/groups/<uuid:group_id>/sessions/<uuid:session_id>/",
    allow=Permission.LEAD_GROUPS,
    methods=("POST",),
    endpoint="note",
)
def note(group_id: UUID, session_id: UUID) -> Response | tuple[str, int]:
    group, meeting = _led_session(group_id, session_id)
    members = _members(group)
    form = AttendanceForm()
    form.attended.choices = _choices(members)
    seen = _moment(form.seen.data or "")
    if not form.validate():
        return _session_page(group, meeting, members, form), 422
    ticked = {UUID(person_id) for person_id in form.attended.data}
    try:
        with writing() as session:
            counted = sessions.note_attendance(
                session, visitor.actor(), group_id, session_id, ticked, seen=seen, now=now()
            )
            settle(session, library(), ticked, group.course, now=now())
    except sessions.NoSuchSession:
        abort(404)
    except sessions.NotYetBegun:
        form.blame("attended", _("The session has not begun yet: attendance can be noted once it has."))
        return _session_page(group, meeting, members, form), 422
    except sessions.NotedMeanwhile:
        form.blame(
            "attended", _("Somebody else has noted attendance since you opened this page. Please open it again.")
        )
        return _session_page(group, meeting, members, form), 409
    flash(
        _("Noted: %(attended)d of %(expected)d attended.", attended=counted.attended, expected=counted.held), "success"
    )
    return redirect(url_for("reports.group", group_id=group_id, _anchor="sessions"))


@pages.page(
    "/groups/<uuid:group_id>/sessions/<uuid:session_id>/edit", allow=Permission.LEAD_GROUPS, methods=("GET", "POST")
)
def edit(group_id: UUID, session_id: UUID) -> Response | str | tuple[str, int]:
    group, meeting = _led_session(group_id, session_id)
    there = meeting.starts_at.astimezone(zone_of(meeting.time_zone))
    minutes = (meeting.ends_at - meeting.starts_at) // timedelta(minutes=1)
    form = SessionForm(obj=meeting, day=there.date(), begins_at=there.time(), minutes=minutes)
    form.offer()
    if request.method == "GET":
        return _edit_page(group, form, meeting)
    if form.validate():
        try:
            with writing() as session:
                sessions.change_session(session, visitor.actor(), group_id, session_id, _plan(form), now=now())
        except sessions.NoSuchSession:
            abort(404)
        except sessions.NotYetBegun:
            form.blame("day", _("Attendance has been noted: this session can no longer be moved to the future."))
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("sessions.session", group_id=group_id, session_id=session_id))
    return _edit_page(group, form, meeting), 422


@pages.page(
    "/groups/<uuid:group_id>/sessions/<uuid:session_id>/cancel", allow=Permission.LEAD_GROUPS, methods=("POST",)
)
def cancel(group_id: UUID, session_id: UUID) -> Response:
    try:
        with writing() as session:
            sessions.cancel_session(session, visitor.actor(), group_id, session_id, now=now())
    except sessions.NoSuchSession:
        abort(404)
    except sessions.AttendanceNoted:
        flash(_("Attendance has been noted: the session can no longer be cancelled."), "caution")
        return redirect(url_for("sessions.session", group_id=group_id, session_id=session_id))
    flash(_("The session is cancelled. Members no longer see it."), "success")
    return redirect(url_for("reports.group", group_id=group_id, _anchor="sessions"))


@pages.page("/groups/<uuid:group_id>/sessions/<uuid:session_id>.ics", allow=Permission.LEARN)
def calendar(group_id: UUID, session_id: UUID) -> Response:
    """A session for one's own calendar: for the members of its group, and those who lead it."""
    found = queries.session_shown_to(reading(), visitor.actor().person_id, group_id, session_id)
    if found is None:
        abort(404)
    group, meeting = found
    address = settings().public_url + url_for("learning.progress")
    response = Response(calendar_entry(meeting, group, speech(), address, now=now()), mimetype="text/calendar")
    response.headers.set("Content-Disposition", "attachment", filename=f"{session_id}.ics")
    return response


def _led_session(group_id: UUID, session_id: UUID) -> tuple[TrainingGroup, GroupSession]:
    group = group_or_404(group_id)
    meeting = sessions.session_of(reading(), group_id, session_id)
    if meeting is None:
        abort(404)
    return group, meeting


def _members(group: TrainingGroup) -> list[Member]:
    return sorted(queries.members_of(reading(), group.id), key=lambda member: sort_key(member.name, language()))


def _choices(members: list[Member]) -> list[tuple[str, str]]:
    return [(str(member.person_id), member.name) for member in members]


def _session_page(group: TrainingGroup, meeting: GroupSession, members: list[Member], form: AttendanceForm) -> str:
    form.attended.choices = _choices(members)
    return render_template(
        "groups/session.html",
        group=group,
        meeting=meeting,
        members=members,
        form=form,
        begun=rules.has_begun(meeting.starts_at, now()),
        session_kind=session_kind,
        session_time=session_time,
    )


def _edit_page(group: TrainingGroup, form: SessionForm, meeting: GroupSession | None) -> str:
    return render_template("groups/edit_session.html", group=group, form=form, meeting=meeting)


def _plan(form: SessionForm) -> SessionPlan:
    starts_at = form.starts_at()
    if starts_at is None:
        raise ValueError("the form was not validated")
    return SessionPlan(
        title=form.title.data,
        kind=SessionKind(form.kind.data),
        place=form.place.data or "",
        time_zone=form.time_zone.data,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=form.minutes.data),
    )


def _moment(text: str) -> datetime | None:
    """Return the moment that the page had written down; none if it had none."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        abort(422)
