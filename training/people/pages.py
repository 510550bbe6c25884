"""Signing in and out, registering, one's own account."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from training.access import Permission
from training.languages import Language
from training.people import actions, door, letters, links, passwords, queries, rules, sign_ins
from training.people.forms import (
    ChangePasswordForm,
    ProfileForm,
    SignInForm,
)
from training.people.models import Account
from training.web import visitor
from training.web.guard import Allow, Pages
from training.web.requests import now, reading, writing
from training.web.words import _, speech

pages = Pages("people", __name__)


@pages.page("/sign-in", allow=Allow.EVERYONE, methods=("GET", "POST"))
def sign_in() -> Response | str | tuple[str, int]:
    back = visitor.local_path(request.values.get("back"))
    if visitor.actor_or_none() is not None and request.method == "GET":
        return redirect(back or url_for("home.start"))
    form = SignInForm()
    if request.method == "GET":
        return render_template("people/sign_in.html", form=form, back=back)
    status = 422
    if form.validate():
        keys = door.throttle_keys(form.email.data)
        wait = door.minutes_to_wait(keys)
        account = None if wait else _account_of(form, keys)
        if account is not None:
            return door.enter(account.person_id, back=back, own_device=form.own_device.data)
        if wait:
            status = 429
            form.blame("password", _("Too many attempts. Please try again in %(minutes)d minutes.", minutes=wait))
    return render_template("people/sign_in.html", form=form, back=back), status


def _account_of(form: SignInForm, keys: list[str]) -> Account | None:
    """Return the account that the form opens, or put into the form why it opens none."""
    account = queries.account_by_email(reading(), form.email.data)
    matches = passwords.password_matches(account.password_hash if account else None, form.password.data)
    if account is None or not matches or account.closed_at is not None:
        with writing() as session:
            sign_ins.note_failure(session, keys, now=now())
        form.blame("password", _("This e-mail address and this password do not go together."))
        return None
    with writing() as session:
        sign_ins.forget_failures(session, keys[0])
    if account.confirmed_at is None:
        form.blame("email", _("Please confirm this address first: open the link in the letter that we sent to it."))
        return None
    return account


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
        draft = letters.password_changed(speech(), name=actor.name)
        door.send(session, draft, address=own.email, person_id=actor.person_id)
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
