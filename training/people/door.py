"""Letting somebody in: what every way of entering ends with, and how often one may try."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from flask import abort, redirect, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from training.languages import Language
from training.mail.actions import Draft, post
from training.people import letters, links, queries, rules, second_factors, sign_ins
from training.people.models import Person, SignInFailure
from training.people.rules import LinkPurpose
from training.people.second_factors import Vault
from training.web import visitor
from training.web.requests import now, reading, settings, writing
from training.web.words import Speech, language, zone_of

HALF_WAY = "half_way"
HALF_WAY_LASTS = timedelta(minutes=10)


def let_in(person_id: UUID, *, own_device: bool, strong: bool = False) -> Language:
    """Begin a sign-in of a person in this browser; return the language in which they read."""
    with writing() as transaction:
        secret = sign_ins.begin_sign_in(
            transaction,
            person_id,
            own_device=own_device,
            user_agent=request.user_agent.string,
            now=now(),
            strong=strong,
        )
    actor = queries.recognise(reading(), person_id, secret, now())
    if actor is None:
        abort(401)
    visitor.sign_in(actor)
    return actor.language


def enter(person_id: UUID, *, back: str | None, own_device: bool) -> Response:
    """Let somebody in who has proved who they are, or ask first for the second factor that they use."""
    if second_factors.is_proved(reading(), person_id):
        session[HALF_WAY] = [str(person_id), own_device, back or "", now().timestamp()]
        return redirect(url_for("entry.second_step"))
    person_language = let_in(person_id, own_device=own_device)
    return redirect(visitor.local_path(back) or url_for("home.start", language=person_language))


def half_way() -> tuple[UUID, bool, str] | None:
    """Return who has given a password and not yet a code: the person, whether the device is theirs, the way back."""
    kept = session.get(HALF_WAY)
    if kept is None or now().timestamp() - kept[3] > HALF_WAY_LASTS.total_seconds():
        session.pop(HALF_WAY, None)
        return None
    return UUID(kept[0]), bool(kept[1]), str(kept[2])


def vault() -> Vault:
    """Return what encrypts the shared secrets of second factors here."""
    return Vault([settings().secret_key, *settings().secret_key_fallbacks])


def link_address(transaction: Session, person: Person, purpose: LinkPurpose, *, email: str = "", back: str = "") -> str:
    """Return the address of a new secret link, in the language of the person."""
    secret = links.make_link(transaction, person.id, purpose, now=now(), email=email, back=back)
    return settings().public_url + url_for("entry.link", secret=secret, language=Language(person.language))


def speech_of(person: Person) -> Speech:
    """Return how to word things for a person."""
    return Speech(Language(person.language), zone_of(person.time_zone))


def speech_here() -> Speech:
    """Return how to word a letter to an address of which only this request is known."""
    return Speech(language(), zone_of("Europe/Brussels"))


def send(transaction: Session, draft: Draft, *, address: str, person_id: UUID | None) -> None:
    """Put a letter about an account into the outbox."""
    receiver = str(person_id) if person_id else _key("letter", rules.email_key(address))[:20]
    post(
        transaction,
        draft,
        address=address,
        person_id=person_id,
        occurrence=f"{draft.kind}:{receiver}:{now().isoformat()}",
        now=now(),
    )


def tell_of_new_password(transaction: Session, person: Person, email: str) -> None:
    """Put the letter into the outbox that tells somebody of a new password, and how to choose another."""
    address = settings().public_url + url_for("entry.forgotten", language=Language(person.language))
    draft = letters.password_changed(speech_of(person), name=person.name, address=address, contact=settings().contact)
    send(transaction, draft, address=email, person_id=person.id)


def throttle_keys(email: str) -> list[str]:
    """Return the keys under which failures of this account and from this address are counted."""
    return [_key("account", rules.email_key(email)), _key("address", request.remote_addr or "")]


def failures(keys: list[str]) -> Mapping[str, SignInFailure]:
    """Return the recent failures under these keys."""
    return queries.failures(reading(), keys, now())


def minutes_to_wait(keys: list[str], found: Mapping[str, SignInFailure]) -> int:
    """Return the minutes, rounded up, that the next attempt has to wait after these failures; 0 when it has not."""
    waits = [0]
    for key, free in zip(keys, (rules.FAILURES_FREE, rules.FAILURES_FROM_ADDRESS_FREE), strict=True):
        if key in found:
            until = found[key].last_at + rules.wait_after(found[key].failures, free=free)
            waits.append(-(-int((until - now()).total_seconds()) // 60))
    return max(waits)


def may_write_to(transaction: Session, email: str) -> bool:
    """Whether another letter may go to this address now, and count it: nobody's mailbox is filled by somebody else."""
    key = _key("letter", rules.email_key(email))
    found = queries.failures(transaction, [key], now())
    if key in found and found[key].failures >= rules.LETTERS_FREE:
        return False
    sign_ins.note_failure(transaction, [key], now=now())
    return True


def _key(kind: str, value: str) -> str:
    return rules.throttle_key(kind, value, pepper=settings().secret_key)
