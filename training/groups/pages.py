"""Joining and leaving a training group; making and changing one."""

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from training.access import Permission
from training.cohorts import actions, queries, rules
from training.cohorts.accessors import group_or_404, mode_explained, mode_label
from training.cohorts.rules import PrivacyMode
from training.courses.accessors import PROGRAMME, course_or_404, library
from training.groups.forms import FIELD_OF_CHAPTER, CodeForm, GroupForm, JoinForm, group_form
from training.languages import OWN_NAMES, Language
from training.progress.actions import settle
from training.web import visitor
from training.web.guard import Allow, Pages
from training.web.requests import now, reading, writing
from training.web.words import _, language, speech

pages = Pages("groups", __name__)


@pages.page("/join", allow=Allow.EVERYONE)
def enter_code() -> Response | str | tuple[str, int]:
    form = CodeForm(request.args)
    if "code" not in request.args:
        return render_template("groups/enter_code.html", form=form)
    if form.validate():
        group = queries.group_by_code(reading(), form.code.data)
        if group is not None:
            return redirect(url_for("groups.join", code=group.code))
        form.blame("code", _("There is no group with this code. Please compare it letter by letter."))
    return render_template("groups/enter_code.html", form=form), 422


@pages.page("/join/<code>", allow=Allow.EVERYONE)
def join(code: str) -> str | tuple[str, int]:
    group = queries.group_by_code(reading(), code)
    if group is None:
        return render_template("groups/no_such_code.html"), 404
    actor = visitor.actor_or_none()
    member = actor is not None and queries.membership(reading(), actor.person_id, group.id) is not None
    return render_template(
        "groups/join.html",
        group=group,
        member=member,
        course=course_or_404(group.course),
        trainers=queries.trainers_of(reading(), group.id),
        due=queries.due_dates(reading(), group.id),
        form=JoinForm.of(actions.terms_of(group)),
        mode_label=mode_label,
        mode_explained=mode_explained,
        here=url_for("groups.join", code=code),
        languages_of=[OWN_NAMES[Language(code)] for code in group.languages],
    )


@pages.page("/join/<code>", allow=Permission.LEARN, methods=("POST",), endpoint="join_now")
def join_now(code: str) -> Response:
    form = JoinForm()
    if not form.validate():
        abort(422)
    try:
        with writing() as session:
            group = queries.group_by_code(session, code)
            if group is None:
                abort(404)
            actions.join(session, visitor.actor().person_id, group, seen=form.terms(), now=now())
            name = group.name
    except actions.TermsChanged:
        flash(_("The group was changed a moment ago. Please read its terms again before you join."), "caution")
        return redirect(url_for("groups.join", code=code))
    flash(_("You have joined “%(group)s”.", group=name), "success")
    return redirect(url_for("learning.course", course=PROGRAMME))


@pages.page("/groups/<uuid:group_id>/leave", allow=Permission.LEARN, methods=("POST",))
def leave(group_id: UUID) -> Response:
    person_id = visitor.actor().person_id
    try:
        with writing() as session:
            group = actions.leave(session, person_id, group_id, now=now())
            settle(session, library(), [person_id], group.course, now=now())
    except actions.NotAMember:
        abort(404)
    flash(_("You have left the group. Its trainers no longer see you; your progress stays yours."), "success")
    return redirect(url_for("reports.others"))


@pages.page("/groups/new", allow=Permission.LEAD_GROUPS, methods=("GET", "POST"))
def new() -> Response | str | tuple[str, int]:
    form = group_form(_chapters())
    if request.method == "GET":
        form.languages.data = [language().value]
        form.time_zone.data = str(visitor.actor().zone)
        form.starts_on.data = speech().day_of(now())
        return render_template("groups/edit.html", form=form, group=None)
    if not form.validate():
        return render_template("groups/edit.html", form=form, group=None), 422
    with writing() as session:
        group = actions.make_group(session, visitor.actor(), _plan(form), now=now())
    flash(_("The group is made. Invite its members with the link or the code."), "success")
    return redirect(url_for("reports.group", group_id=group.id))


@pages.page("/groups/<uuid:group_id>/edit", allow=Permission.LEAD_GROUPS, methods=("GET", "POST"))
def edit(group_id: UUID) -> Response | str | tuple[str, int]:
    group = group_or_404(group_id)
    due = {FIELD_OF_CHAPTER + slug: day for slug, day in queries.due_dates(reading(), group_id).items()}
    form = group_form(_chapters(), obj=group, data=due)
    if request.method == "GET":
        return render_template("groups/edit.html", form=form, group=group)
    if form.validate():
        try:
            with writing() as session:
                plan = _plan(form, started_on=group.starts_on)
                actions.change_group(session, visitor.actor(), group_id, plan, now=now())
                if plan.sessions_asked < group.sessions_asked:
                    members = [member.person_id for member in queries.members_of(session, group_id)]
                    settle(session, library(), members, group.course, now=now())
        except actions.NotYourGroup:
            abort(404)
        except actions.ModeOnlyGetsGentler:
            form.blame(
                "privacy_mode", _("Members have joined under a gentler mode: you cannot see more than they were told.")
            )
        except actions.SessionsOnlyGetFewer:
            form.blame("sessions_asked", _("The group has members already: this number can only go down now."))
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("reports.group", group_id=group_id))
    return render_template("groups/edit.html", form=form, group=group), 422


def _chapters() -> dict[str, str]:
    return {chapter.slug: chapter.file.title[language()] for chapter in course_or_404(PROGRAMME).chapters}


def _plan(form: GroupForm, *, started_on: date | None = None) -> actions.GroupPlan:
    due = form.due_dates()
    if started_on is not None and form.move_dates.data:
        due = rules.moved(due, before=started_on, after=form.starts_on.data)
    return actions.GroupPlan(
        name=form.name.data,
        course=PROGRAMME,
        languages=[Language(code) for code in form.languages.data],
        time_zone=form.time_zone.data,
        starts_on=form.starts_on.data,
        privacy_mode=PrivacyMode(form.privacy_mode.data),
        sessions_asked=form.sessions_asked.data,
        due=due,
    )
