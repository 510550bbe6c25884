"""Signing in and out, and one's own account."""

from collections.abc import Sequence
from uuid import UUID

import segno
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from training.access import Permission
from training.languages import Language
from training.people import actions, door, letters, links, passwords, queries, rules, second_factors, sign_ins
from training.people.forms import (
    ChangeEmailForm,
    ChangePasswordForm,
    CodeForm,
    PresentPasswordForm,
    ProfileForm,
    SignInForm,
)
from training.people.models import Account
from training.web import visitor
from training.web.guard import Allow, Pages
from training.web.requests import now, reading, settings, writing
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
        failures = door.failures(keys)
        wait = door.minutes_to_wait(keys, failures)
        account = None if wait else _account_of(form, keys, failed=keys[0] in failures)
        if account is not None:
            return door.enter(account.person_id, back=back, own_device=form.own_device.data)
        if wait:
            status = 429
            form.blame("password", _("Too many attempts. Please try again in %(minutes)d minutes.", minutes=wait))
    return render_template("people/sign_in.html", form=form, back=back), status


def _account_of(form: SignInForm, keys: list[str], *, failed: bool) -> Account | None:
    """Return the account that the form opens, or put into the form why it opens none."""
    account = queries.account_by_email(reading(), form.email.data)
    matches = passwords.password_matches(account.password_hash if account else None, form.password.data)
    if account is None or not matches or account.closed_at is not None:
        with writing() as session:
            sign_ins.note_failure(session, keys, now=now())
        form.blame("password", _("This e-mail address and this password do not go together."))
        return None
    if failed:
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
    page = render_template(
        "people/account.html", form=form, account=account, authority=authority, contact=settings().contact
    )
    return (page, 422) if request.method == "POST" else page


@pages.page("/account/password", allow=Permission.LEARN, methods=("GET", "POST"))
def password() -> Response | str | tuple[str, int]:
    actor = visitor.actor()
    form = ChangePasswordForm()
    own = queries.account(reading(), actor.person_id)
    form.known = [actor.name, own.email]
    if request.method == "GET":
        return render_template("people/password.html", form=form)
    if not _confirmed_by_password(form, own):
        return render_template("people/password.html", form=form), 422
    hashed = passwords.hash_password(form.password.data)
    with writing() as session:
        door.tell_of_new_password(session, queries.person(session, actor.person_id), own.email)
        links.change_password(session, actor.person_id, hashed, now=now(), but=rules.secret_key_of(actor.session_key))
    flash(_("Your password is changed, and every other device is signed out."), "success")
    return redirect(url_for("people.account"))


@pages.page("/account/email", allow=Permission.LEARN, methods=("GET", "POST"))
def email() -> Response | str | tuple[str, int]:
    actor = visitor.actor()
    form = ChangeEmailForm()
    own = queries.account(reading(), actor.person_id)
    if request.method == "GET":
        return render_template("people/email.html", form=form, account=own)
    if not _confirmed_by_password(form, own):
        return render_template("people/email.html", form=form, account=own), 422
    with writing() as transaction:
        if door.may_write_to(transaction, form.email.data):
            _send_proof(transaction, actor.person_id, form.email.data)
    on_its_way = _(
        "A letter is on its way to %(email)s. The change holds once you open its link.", email=form.email.data
    )
    flash(on_its_way, "info")
    return redirect(url_for("people.account"))


def _confirmed_by_password(form: PresentPasswordForm, own: Account) -> bool:
    """Whether a form is right and its present password too; otherwise the form says what is not."""
    if not form.validate():
        return False
    if not passwords.password_matches(own.password_hash, form.present.data):
        form.blame("present", _("This is not your present password."))
        return False
    return True


def _send_proof(transaction: Session, person_id: UUID, new: str) -> None:
    """Write to the new address: to its owner, if another account has it."""
    present = queries.account_by_email(transaction, new)
    if present is not None and present.person_id != person_id:
        owner = queries.person(transaction, present.person_id)
        door.send(transaction, letters.address_in_use(door.speech_of(owner)), address=new, person_id=None)
        return
    person = queries.person(transaction, person_id)
    address = door.link_address(transaction, person, rules.LinkPurpose.EMAIL, email=new)
    until = now() + rules.LINK_LASTS[rules.LinkPurpose.EMAIL]
    draft = letters.new_email(door.speech_of(person), name=person.name, address=address, until=until)
    door.send(transaction, draft, address=new, person_id=person_id)


@pages.page("/account/second-factor", allow=Permission.LEARN, methods=("GET", "POST"))
def second_factor() -> Response | str | tuple[str, int]:
    actor = visitor.actor()
    if second_factors.is_proved(reading(), actor.person_id):
        return _second_factor_is_on()
    own = queries.account(reading(), actor.person_id)
    secret = second_factors.proposal(door.vault(), actor)
    form = CodeForm()
    shown = {"form": form, "secret": secret, "drawing": _drawing(second_factors.address(secret, own.email))}
    if request.method == "GET":
        return render_template("people/second_factor.html", **shown)
    if not form.validate():
        return render_template("people/second_factor.html", **shown), 422
    with writing() as transaction:
        codes = second_factors.prove(transaction, actor, door.vault(), form.code.data, now=now())
        if codes:
            sign_ins.strengthen(transaction, actor)
    if not codes:
        form.blame("code", _("This code is not right. Please take the one that your authenticator shows now."))
        return render_template("people/second_factor.html", **shown), 422
    return _second_factor_is_on(codes=codes)


@pages.page("/account/second-factor/<any(codes, remove):step>", allow=Permission.LEARN, methods=("POST",))
def change_second_factor(step: str) -> Response | str | tuple[str, int]:
    actor = visitor.actor()
    form = PresentPasswordForm()
    if not _confirmed_by_password(form, queries.account(reading(), actor.person_id)):
        return _second_factor_is_on(form=form), 422
    with writing() as transaction:
        if step == "remove":
            second_factors.remove(transaction, actor.person_id)
            codes = []
        else:
            codes = second_factors.renew_recovery_codes(transaction, actor.person_id)
    if codes:
        return _second_factor_is_on(codes=codes)
    flash(_("The second step of signing in is switched off."), "success")
    return redirect(url_for("people.account"))


def _second_factor_is_on(*, form: PresentPasswordForm | None = None, codes: Sequence[str] = ()) -> str:
    left = second_factors.recovery_codes_left(reading(), visitor.actor().person_id)
    return render_template(
        "people/second_factor_on.html", form=form or PresentPasswordForm(None), left=left, codes=codes
    )


def _drawing(address: str) -> str:
    """Return a QR code as SVG: dark on white, whatever the page's colours are."""
    return str(
        segno.make(address, micro=False).svg_inline(scale=5, border=4, light="#fff", dark="#0f223b", omitsize=True)
    )


@pages.page("/account/sessions", allow=Permission.LEARN, methods=("GET", "POST"))
def devices() -> Response | str:
    actor = visitor.actor()
    own_key = rules.secret_key_of(actor.session_key)
    if request.method == "POST":
        key = request.form.get("key")
        with writing() as session:
            if key:
                sign_ins.end_sign_in(session, actor.person_id, key, now=now())
            else:
                sign_ins.end_all_sign_ins(session, actor.person_id, now=now(), but=own_key)
        flash(_("Signed out there."), "success")
        return redirect(url_for("people.devices"))
    held = queries.sign_ins_of(reading(), actor.person_id, now())
    return render_template("people/devices.html", held=held, this=own_key, speech=speech())
