"""Accounts, roles and local authorities, for administrators, within their scope."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from training.access import Permission, Role
from training.db import new_id
from training.languages import Language, sort_key
from training.people import actions, queries
from training.people.forms import (
    AuthorityForm,
    GrantForm,
    MoveForm,
    NewPersonForm,
    PeopleSearchForm,
    authority_choices,
    authority_name,
)
from training.people.labels import field_of_work_label, role_label
from training.people.models import LocalAuthority
from training.web import visitor
from training.web.guard import Pages
from training.web.requests import now, reading, settings, writing
from training.web.words import _, country_name, language, speech

pages = Pages("people_admin", __name__)

LANGUAGE_FIELDS = {f"name_{code.value}": code for code in Language}


@pages.page("/admin/", allow=Permission.LOOK_AFTER_PEOPLE)
def overview() -> str:
    return render_template("people/admin_overview.html")


@pages.page("/admin/people", allow=Permission.LOOK_AFTER_PEOPLE)
def people() -> str:
    form = PeopleSearchForm(request.args)
    after = _place(request.args.get("after", ""))
    lines, more = queries.people_page(reading(), visitor.actor(), search=form.q.data or "", after=after)
    following = (
        url_for("people_admin.people", q=form.q.data or None, after=f"{lines[-1].id}:{lines[-1].name_key}")
        if more
        else None
    )
    return render_template(
        "people/admin_people.html",
        form=form,
        lines=lines,
        following=following,
        role_label=role_label,
        authority_name=_name,
    )


@pages.page("/admin/people/new", allow=Permission.LOOK_AFTER_PEOPLE, methods=("GET", "POST"))
def new_person() -> Response | str | tuple[str, int]:
    actor = visitor.actor()
    form = NewPersonForm()
    form.offer(list(reading().scalars(queries.authorities_administered_by(actor))))
    if request.method == "GET":
        form.language.data = language().value
        return render_template("people/admin_new_person.html", form=form)
    if not form.validate():
        return render_template("people/admin_new_person.html", form=form), 422
    if not form.authority.data and not actor.administers_everywhere:
        form.blame("authority", _("Please choose the city or region: you look after the people of yours."))
        return render_template("people/admin_new_person.html", form=form), 422
    new = actions.NewPerson(
        name=form.name.data,
        email=form.email.data,
        password_hash=None,
        language=Language(form.language.data),
        time_zone="Europe/Brussels",
        field_of_work=form.field_of_work.data,
        employer="",
        authority_id=UUID(form.authority.data) if form.authority.data else None,
    )
    try:
        with writing() as session:
            person = actions.make_account(session, new, now=now())
            actions.record_new_account(session, actor, person.id, now=now())
    except actions.EmailTaken:
        form.blame("email", _("There is an account with this e-mail address."))
        return render_template("people/admin_new_person.html", form=form), 422
    return redirect(url_for("people_admin.person", person_id=person.id))


@pages.page("/admin/people/<uuid:person_id>", allow=Permission.LOOK_AFTER_PEOPLE)
def person(person_id: UUID) -> str:
    return _person_page(person_id)


@pages.page("/admin/people/<uuid:person_id>/welcome-link", allow=Permission.LOOK_AFTER_PEOPLE, methods=("POST",))
def welcome_link(person_id: UUID) -> str:
    try:
        with writing() as session:
            secret = actions.make_welcome_link(session, visitor.actor(), person_id, now=now())
            reader = queries.person(session, person_id).language
    except actions.OutsideScope:
        abort(404)
    address = settings().public_url + url_for("entry.link", secret=secret, language=Language(reader))
    return _person_page(person_id, link=address)


@pages.page("/admin/people/<uuid:person_id>/close", allow=Permission.LOOK_AFTER_PEOPLE, methods=("POST",))
def close(person_id: UUID) -> Response:
    try:
        with writing() as session:
            actions.close_account(session, visitor.actor(), person_id, now=now())
        flash(_("The account is closed."), "success")
    except actions.OutsideScope:
        abort(404)
    except actions.WouldLockOut:
        flash(_("Nobody would be left to administer the installation. Give somebody else the role first."), "caution")
    return redirect(url_for("people_admin.person", person_id=person_id))


@pages.page("/admin/people/<uuid:person_id>/open", allow=Permission.LOOK_AFTER_PEOPLE, methods=("POST",))
def open_again(person_id: UUID) -> Response:
    try:
        with writing() as session:
            actions.open_account(session, visitor.actor(), person_id, now=now())
    except actions.OutsideScope:
        abort(404)
    flash(_("The account is open again."), "success")
    return redirect(url_for("people_admin.person", person_id=person_id))


@pages.page("/admin/people/<uuid:person_id>/roles", allow=Permission.LOOK_AFTER_PEOPLE, methods=("POST",))
def grant(person_id: UUID) -> Response | tuple[str, int]:
    form = _grant_form()
    if not form.validate():
        return _person_page(person_id, grant_form=form), 422
    role = Role(form.role.data)
    scope = UUID(form.scope.data) if form.scope.data and role is Role.ADMINISTRATOR else None
    try:
        with writing() as session:
            actions.grant(session, visitor.actor(), person_id, role, authority_id=scope, now=now())
    except actions.OutsideScope:
        abort(404)
    flash(_("The role is given."), "success")
    return redirect(url_for("people_admin.person", person_id=person_id))


@pages.page(
    "/admin/people/<uuid:person_id>/roles/<uuid:grant_id>/withdraw",
    allow=Permission.LOOK_AFTER_PEOPLE,
    methods=("POST",),
)
def withdraw(person_id: UUID, grant_id: UUID) -> Response:
    try:
        with writing() as session:
            actions.withdraw(session, visitor.actor(), person_id, grant_id, now=now())
        flash(_("The role is withdrawn."), "success")
    except actions.OutsideScope:
        abort(404)
    except actions.WouldLockOut:
        flash(_("Nobody would be left to administer the installation. Give somebody else the role first."), "caution")
    return redirect(url_for("people_admin.person", person_id=person_id))


@pages.page("/admin/people/<uuid:person_id>/move", allow=Permission.LOOK_AFTER_PEOPLE, methods=("POST",))
def move(person_id: UUID) -> Response | tuple[str, int]:
    actor = visitor.actor()
    form = _move_form()
    if not form.validate():
        return _person_page(person_id, move_form=form), 422
    try:
        with writing() as session:
            actions.demand_rank(session, actor, person_id)
            target = UUID(form.authority.data) if form.authority.data else None
            actions.move(session, person_id, target, by=actor.person_id, now=now())
    except actions.OutsideScope:
        abort(404)
    flash(_("The move is noted from today."), "success")
    return redirect(url_for("people_admin.people"))


@pages.page("/admin/authorities", allow=Permission.LOOK_AFTER_AUTHORITIES)
def authorities() -> str:
    found = reading().scalars(queries.authorities_administered_by(visitor.actor())).all()
    ordered = sorted(found, key=lambda authority: sort_key(_name(authority), language()))
    return render_template(
        "people/admin_authorities.html", authorities=ordered, authority_name=_name, country_name=country_name
    )


@pages.page("/admin/authorities/new", allow=Permission.LOOK_AFTER_AUTHORITIES, methods=("GET", "POST"))
def new_authority() -> Response | str | tuple[str, int]:
    if not visitor.actor().administers_everywhere:
        abort(403)
    fresh = LocalAuthority(id=new_id(), liaise=[], made_at=now())
    return _authority_page(fresh, AuthorityForm(), is_new=True)


@pages.page("/admin/authorities/<uuid:authority_id>", allow=Permission.LOOK_AFTER_AUTHORITIES, methods=("GET", "POST"))
def authority(authority_id: UUID) -> Response | str | tuple[str, int]:
    within = queries.authorities_administered_by(visitor.actor()).where(LocalAuthority.id == authority_id)
    found = reading().scalar(within)
    if found is None:
        abort(404)
    names = {field: found.names.get(code.value, "") for field, code in LANGUAGE_FIELDS.items()}
    return _authority_page(found, AuthorityForm(obj=found, data=names), is_new=False)


def _authority_page(found: LocalAuthority, form: AuthorityForm, *, is_new: bool) -> Response | str | tuple[str, int]:
    form.offer()
    if request.method == "POST" and form.validate():
        others = queries.authority_by_slug(reading(), form.slug.data)
        if others is not None and others.id != found.id:
            form.blame("slug", _("Another city or region has this short name."))
        else:
            _save_authority(found, form)
            flash(_("Saved."), "success")
            return redirect(url_for("people_admin.authorities"))
    page = render_template(
        "people/admin_authority.html", form=form, authority=None if is_new else found, authority_name=_name
    )
    return (page, 422) if request.method == "POST" else page


def _save_authority(found: LocalAuthority, form: AuthorityForm) -> None:
    with writing() as session:
        kept = session.merge(found)
        kept.slug, kept.country, kept.website = form.slug.data, form.country.data, form.website.data or ""
        kept.population, kept.population_year = form.population.data, form.population_year.data
        kept.member_since = form.member_since.data
        kept.names = {code.value: form[field].data for field, code in LANGUAGE_FIELDS.items() if form[field].data}
        try:
            actions.save_authority(session, visitor.actor(), kept, now=now())
        except actions.OutsideScope:
            abort(404)


def _person_page(
    person_id: UUID,
    *,
    link: str | None = None,
    grant_form: GrantForm | None = None,
    move_form: MoveForm | None = None,
) -> str:
    session = reading()
    try:
        actions.demand_person(session, visitor.actor(), person_id)
    except actions.OutsideScope:
        abort(404)
    if grant_form is None:
        grant_form = _grant_form(empty=True)
    current = queries.current_authority(session, person_id)
    if move_form is None:
        move_form = _move_form(empty=True)
        move_form.authority.data = str(current.id) if current else ""
    return render_template(
        "people/admin_person.html",
        person=queries.person(session, person_id),
        account=queries.account(session, person_id),
        grants=queries.grants_of(session, person_id),
        authority=current,
        authority_names={str(one.id): _name(one) for one in queries.authorities(session)},
        authority_name=_name,
        field_of_work_label=field_of_work_label,
        role_label=role_label,
        grant_form=grant_form,
        move_form=move_form,
        link=link,
        speech=speech(),
    )


def _grant_form(*, empty: bool = False) -> GrantForm:
    actor = visitor.actor()
    scopes = [(str(one.id), _name(one)) for one in reading().scalars(queries.authorities_administered_by(actor)).all()]
    scopes.sort(key=lambda pair: sort_key(pair[1], language()))
    if actor.administers_everywhere:
        scopes.insert(0, ("", _("The whole installation")))
    form = GrantForm(None) if empty else GrantForm()
    form.offer(scopes)
    return form


def _move_form(*, empty: bool = False) -> MoveForm:
    form = MoveForm(None) if empty else MoveForm()
    form.authority.choices = authority_choices(list(queries.authorities(reading())))
    return form


def _name(authority: LocalAuthority) -> str:
    return authority_name(authority.names, language())


def _place(text: str) -> tuple[str, UUID] | None:
    """Return the place in the list after which a page begins; a broken one begins at the beginning."""
    identity, _colon, key = text.partition(":")
    try:
        return key, UUID(identity)
    except ValueError:
        return None
