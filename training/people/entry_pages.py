"""Ways into an account: registering, secret links, a forgotten password, the second step of signing in.

What is answered to a stranger never depends on whether an account exists: each way ends with the same page, at the same
cost, and one letter to the address that was typed.
"""

from typing import cast
from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from training.languages import Language
from training.mail.queries import last_letter_to
from training.people import actions, door, letters, links, passwords, queries, rules, second_factors, sign_ins
from training.people.forms import CodeForm, EmailForm, NewPasswordForm, RegisterForm
from training.people.models import AccountLink
from training.people.rules import LinkPurpose
from training.web import visitor
from training.web.guard import Allow, Pages
from training.web.requests import now, reading, settings, writing
from training.web.words import _, language

pages = Pages("entry", __name__)


@pages.page("/register", allow=Allow.EVERYONE, methods=("GET", "POST"))
def register() -> Response | str | tuple[str, int]:
    back = visitor.local_path(request.values.get("back"))
    if visitor.actor_or_none() is not None:
        return redirect(back or url_for("home.start"))
    if not settings().free_registration and not (back and "/join/" in back):
        return render_template("people/by_invitation.html")
    form = RegisterForm()
    form.offer_authorities(list(queries.authorities(reading())))
    if request.method == "GET":
        return render_template("people/register.html", form=form, back=back)
    if not form.validate():
        return render_template("people/register.html", form=form, back=back), 422
    hashed = passwords.hash_password(form.password.data)
    with writing() as transaction:
        if door.may_write_to(transaction, form.email.data):
            _register(transaction, form, hashed, back or "")
    return _letter_is_sent(form.email.data)


def _register(transaction: Session, form: RegisterForm, password_hash: str, back: str) -> None:
    """Make an unconfirmed account, or tell the owner of the one that exists: either way one letter leaves."""
    present = queries.account_by_email(transaction, form.email.data)
    if present is not None and present.confirmed_at is not None:
        owner = queries.person(transaction, present.person_id)
        sign_in = settings().public_url + url_for("people.sign_in", language=Language(owner.language))
        draft = letters.registered_already(door.speech_of(owner), name=owner.name, address=sign_in)
        door.send(transaction, draft, address=present.email, person_id=owner.id)
        return
    if present is not None and not queries.is_own_beginning(transaction, present):
        _send_reset(transaction, form.email.data)
        return
    if present is not None:
        actions.drop_unconfirmed(transaction, present.person_id)
    new = actions.NewPerson(
        name=form.name.data,
        email=form.email.data,
        password_hash=password_hash,
        language=language(),
        time_zone=form.time_zone.data,
        field_of_work=form.field_of_work.data,
        employer=form.employer.data or "",
        authority_id=UUID(form.authority.data) if form.authority.data else None,
    )
    person = actions.make_account(transaction, new, now=now())
    address = door.link_address(transaction, person, LinkPurpose.CONFIRM, back=back[:300])
    until = now() + rules.LINK_LASTS[LinkPurpose.CONFIRM]
    draft = letters.confirm(door.speech_of(person), name=person.name, address=address, until=until)
    door.send(transaction, draft, address=new.email, person_id=person.id)


@pages.page("/sign-in/forgotten", allow=Allow.EVERYONE, methods=("GET", "POST"))
def forgotten() -> Response | str | tuple[str, int]:
    form = EmailForm()
    if request.method == "GET":
        return render_template("people/forgotten.html", form=form)
    if not form.validate():
        return render_template("people/forgotten.html", form=form), 422
    with writing() as transaction:
        if door.may_write_to(transaction, form.email.data):
            _send_reset(transaction, form.email.data)
    return _letter_is_sent(form.email.data)


def _send_reset(transaction: Session, email: str) -> None:
    account = queries.account_by_email(transaction, email)
    if account is None or account.closed_at is not None:
        register_address = settings().public_url + url_for("entry.register")
        draft = letters.no_account(door.speech_here(), address=register_address)
        door.send(transaction, draft, address=email, person_id=None)
        return
    person = queries.person(transaction, account.person_id)
    address = door.link_address(transaction, person, LinkPurpose.RESET)
    until = now() + rules.LINK_LASTS[LinkPurpose.RESET]
    draft = letters.reset(door.speech_of(person), name=person.name, address=address, until=until)
    door.send(transaction, draft, address=account.email, person_id=person.id)


def _letter_is_sent(email: str) -> str:
    """Return the one page that follows, whether or not there is an account."""
    letter = last_letter_to(reading(), email) if settings().demo else None
    return render_template("people/letter_sent.html", email=email, letter=letter)


@pages.page("/link/<secret>", allow=Allow.EVERYONE, methods=("GET", "POST"))
def link(secret: str) -> Response | str | tuple[str, int]:
    found = queries.open_link(reading(), secret, now())
    if found is None:
        return render_template("people/link_gone.html"), 404
    purpose = LinkPurpose(found.purpose)
    if purpose in {LinkPurpose.WELCOME, LinkPurpose.RESET}:
        return _choose_password(found, secret)
    if request.method == "GET":
        return _unread(render_template("people/prove_email.html", link=found, email=_proved_address(found)))
    return _prove_email(secret)


def _choose_password(found: AccountLink, secret: str) -> Response | str | tuple[str, int]:
    person = queries.person(reading(), found.person_id)
    account = queries.account(reading(), found.person_id)
    form = NewPasswordForm()
    form.known = [person.name, account.email]
    if request.method == "GET":
        return _unread(render_template("people/welcome.html", form=form, person=person, account=account, link=found))
    if not form.validate():
        return render_template("people/welcome.html", form=form, person=person, account=account, link=found), 422
    hashed = passwords.hash_password(form.password.data)
    with writing() as transaction:
        again = _still_open(transaction, secret)
        links.set_password(transaction, again, hashed, now=now())
        if again.purpose == LinkPurpose.RESET or account.password_hash is not None:
            door.tell_of_new_password(transaction, person, account.email)
    return door.enter(found.person_id, back=found.back, own_device=False)


def _prove_email(secret: str) -> Response:
    with writing() as transaction:
        found = _still_open(transaction, secret)
        person = queries.person(transaction, found.person_id)
        if found.purpose == LinkPurpose.CONFIRM:
            links.confirm(transaction, found, now=now())
        else:
            try:
                former = links.change_email(transaction, found, now=now())
            except links.EmailTaken:
                abort(409)
            draft = letters.email_changed(
                door.speech_of(person), name=person.name, new=found.email, contact=settings().contact
            )
            door.send(transaction, draft, address=former, person_id=person.id)
        person_id, back = found.person_id, found.back
    if visitor.actor_or_none() is not None:
        flash(_("The address is confirmed."), "success")
        return redirect(url_for("people.account"))
    return door.enter(person_id, back=back, own_device=False)


def _still_open(transaction: Session, secret: str) -> AccountLink:
    found = queries.open_link(transaction, secret, now())
    if found is None:
        abort(404)
    return found


def _proved_address(found: AccountLink) -> str:
    return found.email or queries.account(reading(), found.person_id).email


@pages.page("/sign-in/code", allow=Allow.EVERYONE, methods=("GET", "POST"))
def second_step() -> Response | str | tuple[str, int]:
    half_way = door.half_way()
    if half_way is None:
        return redirect(url_for("people.sign_in"))
    person_id, own_device, back = half_way
    form = CodeForm()
    if request.method == "GET":
        return render_template("people/second_step.html", form=form)
    if not form.validate():
        return render_template("people/second_step.html", form=form), 422
    keys = door.throttle_keys(str(person_id))
    wait = door.minutes_to_wait(keys, door.failures(keys))
    if wait:
        form.blame("code", _("Too many attempts. Please try again in %(minutes)d minutes.", minutes=wait))
        return render_template("people/second_step.html", form=form), 429
    with writing() as transaction:
        right = second_factors.accepts(
            transaction, person_id, door.vault(), form.code.data, now=now()
        ) or second_factors.accepts_recovery(transaction, person_id, form.code.data, now=now())
        if not right:
            sign_ins.note_failure(transaction, keys, now=now())
    if not right:
        form.blame("code", _("This code is not right, or was used before. Please take the one that is shown now."))
        return render_template("people/second_step.html", form=form), 422
    person_language = door.let_in(person_id, own_device=own_device, strong=True)
    return redirect(visitor.local_path(back) or url_for("home.start", language=person_language))


def _unread(page: str) -> Response:
    """Keep a page with a secret in its address out of caches and of the addresses that others are told."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return cast("Response", response)
