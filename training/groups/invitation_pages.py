"""Inviting people to a group by letter, one by one or from a list; and accepting, which only a POST does."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from training.access import Permission
from training.cohorts import actions, queries, rules
from training.cohorts.accessors import fate_word, group_or_404, mode_explained, mode_label
from training.cohorts.models import Invitation, TrainingGroup
from training.cohorts.rules import Candidate, Fate
from training.courses.accessors import PROGRAMME, course_or_404
from training.groups import lists
from training.groups.forms import InviteForm, JoinForm, ListForm, NewMemberForm, complete_address
from training.groups.letters import invitation as wording
from training.languages import Language
from training.mail.actions import post
from training.people import actions as people_actions
from training.people import door, passwords
from training.people import queries as people_queries
from training.people.rules import FieldOfWork, secret_key_of
from training.web import visitor
from training.web.guard import Allow, Pages
from training.web.requests import now, reading, settings, writing
from training.web.words import Speech, _, language, ngettext, zone_of

pages = Pages("invitations", __name__)

PREVIEW_LASTS = 3600  # seconds between seeing what a list will do and confirming it


@pages.page("/groups/<uuid:group_id>/invite", allow=Permission.LEAD_GROUPS, methods=("GET", "POST"))
def invite(group_id: UUID) -> Response | str | tuple[str, int]:
    group = group_or_404(group_id)
    form = InviteForm()
    form.offer()
    if request.method == "GET":
        form.language.data = language().value
        return _page(group, form)
    if not form.validate():
        return _page(group, form), 422
    candidate = Candidate(row=1, email=form.email.data, name=form.name.data or "", language=form.language.data)
    _send(group, [candidate])
    return redirect(url_for("invitations.invite", group_id=group_id))


@pages.page("/groups/<uuid:group_id>/invite/list", allow=Permission.LEAD_GROUPS, methods=("POST",))
def preview(group_id: UUID) -> str | tuple[str, int]:
    """Say row by row what a list will do. Nothing is changed, and nothing is kept."""
    group = group_or_404(group_id)
    form = ListForm()
    if not form.validate():
        return _page(group, _empty_invite(), form), 422
    try:
        lines = lists.read(form.file.data.read())
    except lists.NoEmailColumn as fault:
        found = ", ".join(fault.headings[:8])
        form.blame("file", _("No column is called “e-mail”. These were found: %(headings)s", headings=found))
        return _page(group, _empty_invite(), form), 422
    except lists.TooLong:
        form.blame("file", _("Please send at most %(rows)d rows at once.", rows=lists.MOST_ROWS))
        return _page(group, _empty_invite(), form), 422
    except lists.Unreadable:
        form.blame("file", _("This file cannot be read as a table. Please save it as CSV or XLSX."))
        return _page(group, _empty_invite(), form), 422
    candidates = [
        Candidate(
            row=line.row,
            email=complete_address(line.email),
            name=line.name,
            language=(line.language or language()).value,
        )
        for line in lines
    ]
    told = _fates(reading(), group, candidates)
    chosen = [candidate for candidate, fate in told if fate in {Fate.INVITE, Fate.INVITE_AGAIN}]
    token = _serializer().dumps([str(group_id), [[one.row, one.email, one.name, one.language] for one in chosen]])
    written = {line.row: line.email for line in lines}
    return render_template(
        "groups/preview.html",
        group=group,
        told=told,
        written=written,
        people=len(chosen),
        token=token,
        fate=Fate,
        fate_word=fate_word,
    )


@pages.page("/groups/<uuid:group_id>/invite/confirm", allow=Permission.LEAD_GROUPS, methods=("POST",))
def confirm(group_id: UUID) -> Response:
    group = group_or_404(group_id)
    try:
        kept, rows = _serializer().loads(request.form.get("list", ""), max_age=PREVIEW_LASTS)
    except BadData:
        abort(422)
    if kept != str(group_id):
        abort(404)
    _send(group, [Candidate(row=row, email=email, name=name, language=code) for row, email, name, code in rows])
    return redirect(url_for("invitations.invite", group_id=group_id))


@pages.page("/invitation/<secret>", allow=Allow.EVERYONE, methods=("GET", "POST"))
def invitation(secret: str) -> Response | str | tuple[str, int]:
    found = queries.open_invitation(reading(), secret_key_of(secret), now())
    if found is None:
        return render_template("people/link_gone.html"), 404
    group = reading().get_one(TrainingGroup, found.group_id)
    actor = visitor.actor_or_none()
    account = people_queries.account_by_email(reading(), found.email)
    newcomer = NewMemberForm() if account is None and actor is None else None
    form = JoinForm.of(actions.terms_of(group))
    shown = {
        "group": group,
        "invitation": found,
        "trainers": queries.trainers_of(reading(), group.id),
        "due": queries.due_dates(reading(), group.id),
        "course": course_or_404(group.course),
        "form": form,
        "newcomer": newcomer,
        "mode_label": mode_label,
        "mode_explained": mode_explained,
        "here": request.path,
    }
    if newcomer is not None:
        newcomer.offer()
        if request.method == "GET":
            newcomer.name.data = found.name
    if request.method == "GET" or (actor is None and newcomer is None):
        return render_template("groups/invitation.html", **shown)
    if newcomer is not None:
        newcomer.known = [found.email]
        if not newcomer.validate():
            return render_template("groups/invitation.html", **shown), 422
    return _accept(secret, actor.person_id if actor else None, newcomer)


def _accept(secret: str, person_id: UUID | None, newcomer: NewMemberForm | None) -> Response:
    form = JoinForm()
    if not form.validate():
        abort(422)
    hashed = passwords.hash_password(newcomer.password.data) if newcomer is not None else None
    try:
        with writing() as session:
            found = queries.open_invitation(session, secret_key_of(secret), now())
            if found is None:
                abort(404)
            group = session.get_one(TrainingGroup, found.group_id)
            if person_id is None:
                person_id = _make_account(session, found, group, newcomer, hashed)
            actions.accept(session, found, person_id, group, seen=form.terms(), now=now())
            name = group.name
    except actions.TermsChanged:
        flash(_("The group was changed a moment ago. Please read its terms again before you join."), "caution")
        return redirect(request.path)
    except people_actions.EmailTaken:
        return redirect(request.path)
    if newcomer is not None:
        door.let_in(person_id, own_device=False)
    flash(_("You have joined “%(group)s”.", group=name), "success")
    return redirect(url_for("learning.course", course=PROGRAMME))


def _make_account(
    session: Session, found: Invitation, group: TrainingGroup, newcomer: NewMemberForm | None, hashed: str | None
) -> UUID:
    """Make the account of an invited newcomer: the letter has proved the address."""
    if newcomer is None:
        abort(404)
    new = people_actions.NewPerson(
        name=newcomer.name.data,
        email=found.email,
        password_hash=hashed,
        language=language(),
        time_zone=group.time_zone,
        field_of_work=newcomer.field_of_work.data or FieldOfWork.OTHER.value,
        employer="",
        authority_id=None,
        confirmed=True,
    )
    return people_actions.make_account(session, new, now=now()).id


def _send(group: TrainingGroup, candidates: list[Candidate]) -> None:
    """Invite, in one transaction with the letters; who has joined meanwhile gets none."""
    actor = visitor.actor()
    with writing() as session:
        wanted = [
            candidate
            for candidate, fate in _fates(session, group, candidates)
            if fate in {Fate.INVITE, Fate.INVITE_AGAIN}
        ]
        for made in actions.invite(session, actor, group, wanted, now=now()):
            one = made.invitation
            reader = Language(one.language)
            link = settings().public_url + url_for("invitations.invitation", secret=made.secret, language=reader)
            draft = wording(
                Speech(reader, zone_of(group.time_zone)),
                name=one.name,
                trainer=actor.name,
                group=group.name,
                address=link,
                until=one.ends_at,
            )
            post(session, draft, address=one.email, person_id=None, occurrence=f"invitation:{one.id}", now=now())
    sent = ngettext("One invitation is on its way.", "%(num)d invitations are on their way.", len(wanted))
    flash(sent, "success" if wanted else "info")


def _fates(session: Session, group: TrainingGroup, candidates: list[Candidate]) -> list[tuple[Candidate, Fate]]:
    members, invited = queries.addresses_of(session, group.id)
    return rules.fates(candidates, members=members, invited=invited)


def _page(group: TrainingGroup, form: InviteForm, list_form: ListForm | None = None) -> str:
    return render_template(
        "groups/invite.html",
        group=group,
        form=form,
        list_form=list_form or ListForm(None),
        waiting=queries.invitations_waiting(reading(), group.id, now()),
    )


def _empty_invite() -> InviteForm:
    form = InviteForm(None)
    form.offer()
    return form


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="list of people")
