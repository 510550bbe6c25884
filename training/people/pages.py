"""Signing in and out, registering, one's own account."""

from typing import cast
from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from training.access import Permission
from training.languages import Language
from training.people import actions, links, passwords, queries, rules, sign_ins
from training.people.forms import ChangePasswordForm, NewPasswordForm, ProfileForm, RegisterForm, SignInForm
from training.web import visitor
from training.web.guard import Allow, Pages
from training.web.requests import now, reading, settings, writing
from training.web.words import _, language, speech

pages = Pages("people", __name__)

OPENED_LINK = "people.welcome"


@pages.page("/sign-in", allow=Allow.EVERYONE, methods=("GET", "POST"))
def sign_in() -> Response | str | tuple[str, int]:
    back = visitor.local_path(request.values.get("back"))
    if visitor.actor_or_none() is not None and request.method == "GET":
        return redirect(back or url_for("home.start"))
    form = SignInForm()
    if request.method == "GET":
        return render_template("people/sign_in.html", form=form, back=back)
    if not form.validate():
        return render_template("people/sign_in.html", form=form, back=back), 422
    keys = _throttle_keys(form.email.data)
    wait = _wait(keys)
    if wait:
        form.blame("password", _("Too many attempts. Please try again in %(minutes)d minutes.", minutes=wait))
        return render_template("people/sign_in.html", form=form, back=back), 429
    account = queries.account_by_email(reading(), form.email.data)
    matches = passwords.password_matches(account.password_hash if account else None, form.password.data)
    if account is None or not matches or account.closed_at is not None:
        with writing() as session:
            sign_ins.note_failure(session, keys, now=now())
        form.blame("password", _("This e-mail address and this password do not go together."))
        return render_template("people/sign_in.html", form=form, back=back), 422
    with writing() as session:
        sign_ins.forget_failures(session, keys[0])
    person_language = let_in(account.person_id, own_device=form.own_device.data)
    return redirect(back or url_for("home.start", language=person_language))


def let_in(person_id: UUID, *, own_device: bool) -> Language:
    """Begin a sign-in of a person in this browser; return the language in which they read."""
    with writing() as session:
        secret = sign_ins.begin_sign_in(
            session, person_id, own_device=own_device, user_agent=request.user_agent.string, now=now()
        )
    actor = queries.recognise(reading(), person_id, secret, now())
    if actor is None:
        abort(401)
    visitor.sign_in(actor)
    return actor.language


@pages.page("/sign-out", allow=Permission.LEARN, methods=("POST",))
def sign_out() -> Response:
    actor = visitor.actor()
    with writing() as session:
        sign_ins.end_sign_in(session, actor.person_id, rules.secret_key_of(actor.session_key), now=now())
    visitor.sign_out()
    flash(_("You are signed out."), "success")
    response = redirect(url_for("home.start"))
    response.headers["Clear-Site-Data"] = '"cache"'  # the next person at this computer does not go back to my pages
    return response


@pages.page("/register", allow=Allow.EVERYONE, methods=("GET", "POST"))
def register() -> Response | str | tuple[str, int]:
    back = visitor.local_path(request.values.get("back"))
    if visitor.actor_or_none() is not None:
        return redirect(back or url_for("home.start"))
    invited = back is not None and "/join/" in back
    if not settings().free_registration and not invited:
        return render_template("people/by_invitation.html")
    form = RegisterForm()
    form.offer_authorities(list(queries.authorities(reading())))
    if request.method == "GET":
        return render_template("people/register.html", form=form, back=back)
    if not form.validate():
        return render_template("people/register.html", form=form, back=back), 422
    new = actions.NewPerson(
        name=form.name.data,
        email=form.email.data,
        password_hash=passwords.hash_password(form.password.data),
        language=language(),
        time_zone=form.time_zone.data,
        field_of_work=form.field_of_work.data,
        employer=form.employer.data or "",
        authority_id=UUID(form.authority.data) if form.authority.data else None,
    )
    try:
        with writing() as session:
            person = actions.make_account(session, new, now=now())
    except actions.EmailTaken:
        form.blame("email", _("There is an account with this e-mail address. Please sign in."))
        return render_template("people/register.html", form=form, back=back), 422
    let_in(person.id, own_device=False)
    return redirect(back or url_for("learning.course", course="local-prevention"))


@pages.page("/account", allow=Permission.LEARN, methods=("GET", "POST"))
def account() -> Response | str | tuple[str, int]:
    actor = visitor.actor()
    person = queries.person(reading(), actor.person_id)
    form = ProfileForm(obj=person)
    form.offer()
    if request.method == "POST" and form.validate():
        with writing() as session:
            actions.change_profile(
                session,
                actor.person_id,
                name=form.name.data,
                language=Language(form.language.data),
                time_zone=form.time_zone.data,
                field_of_work=form.field_of_work.data,
                employer=form.employer.data or "",
            )
        flash(_("Your details are saved."), "success")
        return redirect(url_for("people.account", language=form.language.data))
    account = queries.account(reading(), actor.person_id)
    authority = queries.current_authority(reading(), actor.person_id)
    page = render_template("people/account.html", form=form, account=account, authority=authority)
    return (page, 422) if request.method == "POST" else page


@pages.page("/account/password", allow=Permission.LEARN, methods=("GET", "POST"))
def password() -> Response | str | tuple[str, int]:
    actor = visitor.actor()
    form = ChangePasswordForm()
    own = queries.account(reading(), actor.person_id)
    form.known = [actor.name, own.email]
    if request.method == "GET":
        return render_template("people/password.html", form=form)
    valid = form.validate()
    if valid and not passwords.password_matches(own.password_hash, form.present.data):
        form.blame("present", _("This is not your present password."))
        valid = False
    if not valid:
        return render_template("people/password.html", form=form), 422
    hashed = passwords.hash_password(form.password.data)
    with writing() as session:
        links.change_password(session, actor.person_id, hashed, now=now(), but=rules.secret_key_of(actor.session_key))
    flash(_("Your password is changed, and every other device is signed out."), "success")
    return redirect(url_for("people.account"))


@pages.page("/account/sessions", allow=Permission.LEARN, methods=("GET", "POST"))
def devices() -> Response | str:
    actor = visitor.actor()
    if request.method == "POST":
        with writing() as session:
            sign_ins.end_all_sign_ins(session, actor.person_id, now=now(), but=rules.secret_key_of(actor.session_key))
        flash(_("Every other device is signed out."), "success")
        return redirect(url_for("people.devices"))
    held = queries.sign_ins_of(reading(), actor.person_id, now())
    this = rules.secret_key_of(actor.session_key)
    return render_template("people/devices.html", held=held, this=this, speech=speech())


@pages.page("/welcome/<secret>", allow=Allow.EVERYONE, methods=("GET", "POST"))
def welcome(secret: str) -> Response | str | tuple[str, int]:
    link = queries.open_link(reading(), secret, now())
    if link is None:
        return render_template("people/link_gone.html"), 404
    person = queries.person(reading(), link.person_id)
    own = queries.account(reading(), link.person_id)
    form = NewPasswordForm()
    form.known = [person.name, own.email]
    if request.method == "GET":
        return _unread(render_template("people/welcome.html", form=form, person=person, account=own))
    if not form.validate():
        return render_template("people/welcome.html", form=form, person=person, account=own), 422
    hashed = passwords.hash_password(form.password.data)
    with writing() as session:
        again = queries.open_link(session, secret, now())
        if again is None:
            abort(404)
        links.set_password(session, again, hashed, now=now())
    person_language = let_in(link.person_id, own_device=False)
    return redirect(url_for("home.start", language=person_language))


def _unread(page: str) -> Response:
    """Keep a page with a secret in its address out of caches and of the addresses that others are told."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return cast("Response", response)


def _throttle_keys(email: str) -> list[str]:
    pepper = settings().secret_key
    return [
        rules.throttle_key("account", rules.email_key(email), pepper=pepper),
        rules.throttle_key("address", request.remote_addr or "", pepper=pepper),
    ]


def _wait(keys: list[str]) -> int:
    """Return the minutes, rounded up, that the next attempt has to wait; 0 when it has not."""
    found = queries.failures(reading(), keys, now())
    waits = [0]
    for key, free in zip(keys, (rules.FAILURES_FREE, rules.FAILURES_FROM_ADDRESS_FREE), strict=True):
        if key in found:
            until = found[key].last_at + rules.wait_after(found[key].failures, free=free)
            waits.append(-(-int((until - now()).total_seconds()) // 60))
    return max(waits)
