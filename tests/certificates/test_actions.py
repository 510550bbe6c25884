"""What is done to the register, on both engines: a snapshot, once each, without a gap, never written again."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.cast import COURSE, NOW, Cast, assemble
from tests.certificates.conftest import Issue, prepare
from tests.sealing import another_seal, appoint, seal
from training.access import Actor
from training.audit.models import AuditEntry
from training.audit.rules import Event
from training.certificates import actions, issuers, keyring, queries, waiting
from training.certificates.actions import (
    NameNotConfirmed,
    NoIssuer,
    NoSuchCertificate,
    NotEligible,
    NothingToReplace,
)
from training.certificates.issuers import IssuerSaid, OutsideScope
from training.certificates.models import Certificate, CertificateDocument, Issuer, NameConfirmation, Register
from training.certificates.rules import Claims, RevocationReason
from training.courses.library import Library
from training.db import Database, new_id
from training.languages import Language
from training.people.models import LocalAuthority, Person

SAID = IssuerSaid(
    name="Ville de Liège",
    signatories=[{"name": "Willy D.", "function": {"fr": "Bourgmestre"}}],
    funding={"fr": "Avec le soutien de l’Union européenne."},
    logo=("png", b"a picture"),
    no_logo=False,
)


def claims(certificate: Certificate) -> Claims:
    return Claims.model_validate(certificate.claims)


def facts(session: Session, certificate: Certificate) -> dict[str, Any]:
    found = queries.evidence_of(session, certificate.id)
    assert found is not None
    return found.facts


def events(session: Session, event: Event) -> int:
    return session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.event == event.value)) or 0


def test_a_certificate_is_a_snapshot_of_what_holds(cast: Cast, issue: Issue) -> None:
    person = cast.person("Đorđe Lukić", place="liege", language=Language.FR)
    cast.group(cast.trainer(), person, name="Group North")
    certificate = issue("Đorđe Ć. Lukić", person=person)
    said = claims(certificate)
    rule = cast.library.courses[COURSE].file.current_rule
    assert said.holder == "Đorđe Ć. Lukić"
    assert (said.minutes, said.rule_version) == (rule.minutes, rule.version)
    assert [one.number for one in said.chapters] == list(range(1, len(rule.chapters) + 1))
    assert (said.group, said.language, said.number) == ("Group North", Language.FR, "LT-2026-000001")
    assert said.authority is not None
    assert said.authority["fr"] == "Liège"
    assert said.signatories[0].name == "Alba Romero"
    assert (certificate.key_id, certificate.number) == (seal().kid, 1)
    assert events(cast.session, Event.CERTIFICATE_ISSUED) == 1


def test_renaming_and_deleting_whatever_it_was_taken_from_changes_nothing(cast: Cast, issue: Issue) -> None:
    """G2: it outlives course and account."""
    person = cast.person("Ada Learner", place="liege")
    group = cast.group(cast.trainer(), person)
    certificate = issue(person=person)
    before = dict(certificate.claims)
    cast.session.execute(update(Person).where(Person.id == person).values(name="Somebody else"))
    cast.session.execute(update(LocalAuthority).values(names={"en": "Elsewhere"}))
    cast.session.execute(update(Issuer).values(name="Another issuer", signatories=[]))
    cast.session.execute(delete(NameConfirmation))
    group.name = "Another group"
    cast.session.flush()
    cast.session.refresh(certificate)
    assert certificate.claims == before


def test_nobody_gets_one_before_the_course_is_completed_and_the_name_confirmed(cast: Cast) -> None:
    chief = cast.actor(cast.administrator())
    course = cast.library.courses[COURSE]
    person = cast.person()

    def run() -> Certificate:
        return actions.issue(cast.session, chief, person, course, seal=seal(), now=NOW)

    with pytest.raises(NotEligible):
        run()
    cast.completes(person)
    with pytest.raises(NameNotConfirmed):
        run()
    actions.confirm_name(cast.session, person, "Ada Learner", now=NOW)
    with pytest.raises(NoIssuer):
        run()
    appoint(cast.session)
    assert run().number == 1
    with pytest.raises(NotEligible):
        run()
    assert cast.session.scalars(select(Register.last_number)).one() == 1


def test_an_administrator_of_one_authority_reaches_its_people_only(cast: Cast) -> None:
    appoint(cast.session)
    own, foreign = prepare(cast.session, cast, "Own"), prepare(cast.session, cast, "Foreign", place="augsburg")
    local = cast.actor(cast.administrator("Lou Local", place="liege"))
    course = cast.library.courses[COURSE]
    with pytest.raises(NotEligible):
        actions.issue(cast.session, local, foreign[0], course, seal=seal(), now=NOW)
    mine = actions.issue(cast.session, local, own[0], course, seal=seal(), now=NOW)
    chief = cast.actor(cast.administrator())
    theirs = actions.issue(cast.session, chief, foreign[0], course, seal=seal(), now=NOW)
    with pytest.raises(NoSuchCertificate):
        actions.revoke(cast.session, local, theirs.id, RevocationReason.WRONG_DETAILS, now=NOW)
    with pytest.raises(NoSuchCertificate):
        actions.replace(cast.session, local, theirs.id, seal=seal(), now=NOW)
    assert actions.revoke(cast.session, local, mine.id, RevocationReason.WRONG_DETAILS, now=NOW).revoked_at == NOW


def test_the_queue_shows_who_has_confirmed_and_can_be_narrowed(cast: Cast) -> None:
    prepare(cast.session, cast, "Ann", "Bea")
    unconfirmed = cast.person("Cleo")
    cast.completes(unconfirmed)
    foreign = prepare(cast.session, cast, "Dan", place="augsburg")[0]
    group = cast.group(cast.trainer(), unconfirmed, foreign)
    chief = cast.actor(cast.administrator())
    local = cast.actor(cast.administrator("Lou Local", place="liege"))
    in_group = waiting.Filter(group_id=group.id)
    in_place = waiting.Filter(authority_id=cast.places["augsburg"])

    def names(actor: Actor, wanted: waiting.Filter = waiting.EVERYBODY) -> list[str]:
        lines, _more = waiting.eligible_page(cast.session, actor, COURSE, wanted=wanted)
        return sorted(one.confirmed or f"({one.name})" for one in lines)

    assert names(local) == ["(Cleo)", "Ann", "Bea"]
    assert names(chief, in_group) == ["(Cleo)", "Dan"]
    assert names(local, in_group) == ["(Cleo)"]
    assert "Dan" in names(chief, in_place)
    assert names(local, in_place) == []
    assert waiting.waiting(cast.session, local, COURSE, waiting.EVERYBODY) == waiting.Waiting(
        confirmed=2, unconfirmed=1
    )
    assert len(waiting.ready(cast.session, local, COURSE, waiting.EVERYBODY)) == 2
    assert [one.person_id for one in waiting.unconfirmed(cast.session, local, COURSE, in_group)] == [unconfirmed]
    assert [one.id for one in waiting.groups_with_waiting(cast.session, local, COURSE)] == [group.id]


def test_issuer_signatories_logo_and_funding_are_those_of_the_authority_or_of_the_installation(cast: Cast) -> None:
    appoint(cast.session)
    chief = cast.actor(cast.administrator())
    liege, augsburg = cast.places["liege"], cast.places["augsburg"]
    local = cast.actor(cast.administrator("Lou Local", place="liege"))
    with pytest.raises(OutsideScope):
        issuers.save_issuer(cast.session, local, augsburg, SAID, now=NOW)
    with pytest.raises(OutsideScope):
        issuers.save_issuer(cast.session, local, None, SAID, now=NOW)
    issuers.save_issuer(cast.session, local, liege, SAID, now=NOW)
    assert events(cast.session, Event.ISSUER_CHANGED) == 1
    course = cast.library.courses[COURSE]
    people = [*prepare(cast.session, cast, "Ann"), *prepare(cast.session, cast, "Dan", place="augsburg")]
    ours, theirs = (claims(actions.issue(cast.session, chief, one, course, seal=seal(), now=NOW)) for one in people)
    assert (ours.issuer, theirs.issuer) == ("Ville de Liège", "LIAISE Training")
    assert ours.funding == {Language.FR: "Avec le soutien de l’Union européenne."}
    kept = queries.logo(cast.session, ours.logo)
    assert kept is not None
    assert kept.picture == b"a picture"
    issuers.save_issuer(cast.session, local, liege, replace(SAID, logo=("png", b"another")), now=NOW)
    again = queries.logo(cast.session, ours.logo)
    assert again is not None
    assert again.picture == b"a picture"


def test_a_revocation_keeps_its_first_date_and_frees_the_holder_for_another(cast: Cast, issue: Issue) -> None:
    certificate = issue()
    chief = cast.actor(cast.administrator())
    for later in (0, 5):
        actions.revoke(
            cast.session, chief, certificate.id, RevocationReason.WRONG_DETAILS, now=NOW + timedelta(days=later)
        )
    assert certificate.revoked_at == NOW
    assert events(cast.session, Event.CERTIFICATE_REVOKED) == 1
    assert issue(person=certificate.person_id).number == 2


def test_a_corrected_name_makes_a_new_certificate_that_says_all_else_the_same(cast: Cast, issue: Issue) -> None:
    former = issue("Ada Lerner")
    chief = cast.actor(cast.administrator())
    with pytest.raises(NothingToReplace):
        actions.replace(cast.session, chief, former.id, seal=seal(), now=NOW)
    later = NOW + timedelta(days=3)
    assert former.person_id is not None
    actions.confirm_name(cast.session, former.person_id, "Ada Learner", now=later)
    assert [one.name for one in waiting.corrections(cast.session, chief, COURSE)] == ["Ada Learner"]
    newer = actions.replace(cast.session, chief, former.id, seal=seal(), now=later)
    assert waiting.corrections(cast.session, chief, COURSE) == []
    old, new = claims(former), claims(newer)
    assert (old.holder, new.holder) == ("Ada Lerner", "Ada Learner")
    assert (former.replaced_by_id, former.replaced_at, former.replaced_reason) == (newer.id, later, "corrected-name")
    changed = {name for name in Claims.model_fields if getattr(old, name) != getattr(new, name)}
    assert changed == {"holder", "number", "issued_on"}
    assert newer.code != former.code
    assert events(cast.session, Event.CERTIFICATE_REPLACED) == 1
    with pytest.raises(NoSuchCertificate):
        actions.replace(cast.session, chief, former.id, seal=seal(), now=later)
    with pytest.raises(NoSuchCertificate):
        actions.revoke(cast.session, chief, former.id, RevocationReason.WRONG_DETAILS, now=later)
    assert facts(cast.session, newer) == facts(cast.session, former)


def test_a_refresher_makes_a_new_certificate_with_its_date_and_a_new_period(cast: Cast, issue: Issue) -> None:
    """G13: going through the course again makes a newer certificate."""
    former = issue()
    former.claims = claims(former).model_copy(update={"refresher_months": 24}).model_dump(mode="json")
    chief = cast.actor(cast.administrator())
    later = NOW + timedelta(days=800)
    newer = actions.replace(cast.session, chief, former.id, refreshed_on=date(2028, 12, 31), seal=seal(), now=later)
    said = claims(newer)
    assert (said.refreshed_on, said.refresher_on) == (date(2028, 12, 31), date(2030, 12, 31))
    assert newer.refresher_on == date(2030, 12, 31)
    assert said.completed_on == claims(former).completed_on
    assert former.replaced_reason == "refresher"


def test_erasure_leaves_code_number_dates_state_and_key_and_no_name(cast: Cast, issue: Issue) -> None:
    person = cast.person("Ada Learner")
    cast.group(cast.trainer(), person)
    former = issue("Ada Lerner", person=person)
    chief = cast.actor(cast.administrator())
    actions.confirm_name(cast.session, person, "Ada Learner", now=NOW)
    newer = actions.replace(cast.session, chief, former.id, seal=seal(), now=NOW)
    actions.keep_pdf(cast.session, newer.id, Language.EN, b"Ada", "TOKEN", seal=seal(), now=NOW)
    actions.keep_badge(cast.session, newer.id, b"Ada", seal=seal(), now=NOW)
    other = issue("Somebody else")
    kept = (newer.code, newer.number, newer.issued_at, newer.key_id, former.replaced_at, other.claims)
    assert actions.erase_person(cast.session, person, now=NOW + timedelta(days=1)) == 2
    assert (newer.code, newer.number, newer.issued_at, newer.key_id, former.replaced_at, other.claims) == kept
    for certificate in (former, newer):
        assert (certificate.person_id, certificate.authority_id) == (None, None)
        assert certificate.erased_at == NOW + timedelta(days=1)
        assert "Ada" not in str(certificate.claims)
        assert "Group" not in str(certificate.claims)
        assert "Liège" not in str(certificate.claims)
        assert queries.evidence_of(cast.session, certificate.id) is None
    assert queries.kept_pdf(cast.session, newer.id, Language.EN) is None
    assert queries.kept_badge(cast.session, newer.id) is None
    assert waiting.confirmation(cast.session, person) is None
    with pytest.raises(NoSuchCertificate):
        actions.keep_pdf(cast.session, newer.id, Language.FR, b"Ada", "TOKEN", seal=seal(), now=NOW)
    with pytest.raises(NoSuchCertificate):
        actions.replace(cast.session, chief, newer.id, refreshed_on=NOW.date(), seal=seal(), now=NOW)
    found = queries.by_code(cast.session, newer.code)
    assert found is not None
    assert found.id == newer.id


def test_a_document_is_kept_as_it_was_made_first(cast: Cast, issue: Issue) -> None:
    """G1: the same bytes at every download."""
    certificate = issue()

    def keep(pdf: bytes) -> bytes:
        return actions.keep_pdf(cast.session, certificate.id, Language.EN, pdf, "TOKEN", seal=seal(), now=NOW)

    assert (keep(b"first"), keep(b"second")) == (b"first", b"first")
    assert cast.session.scalar(select(func.count()).select_from(CertificateDocument)) == 1
    assert keep(b"third") == b"first"


def test_the_database_itself_refuses_a_second_standing_certificate(cast: Cast, issue: Issue) -> None:
    first = issue()
    second = Certificate(
        id=new_id(),
        number=99,
        code="B" * 26,
        person_id=first.person_id,
        course=COURSE,
        claims={},
        key_id=first.key_id,
        issued_at=NOW,
    )
    cast.session.add(second)
    with pytest.raises(IntegrityError):
        cast.session.flush()
    cast.session.rollback()


def test_keys_follow_each_other_and_all_stay_published(session: Session) -> None:
    first, second = seal(), another_seal()
    keyring.use_key(session, first, now=NOW)
    keyring.use_key(session, first, now=NOW + timedelta(days=1))
    keyring.use_key(session, second, now=NOW + timedelta(days=2))
    known = {key.kid: key for key in keyring.keys_used(session)}
    assert (known[first.kid].since, known[first.kid].until) == (NOW, NOW + timedelta(days=2))
    assert known[second.kid].until is None
    assert set(keyring.public_keys(session)) == {first.kid, second.kid}
    keyring.use_key(session, first, now=NOW + timedelta(days=3))
    session.expire_all()
    known = {key.kid: key for key in keyring.keys_used(session)}
    assert known[first.kid].until is None
    assert known[second.kid].until == NOW + timedelta(days=3)
    assert keyring.distrust_key(session, second.kid, now=NOW)
    assert not keyring.distrust_key(session, second.kid, now=NOW)
    assert not keyring.distrust_key(session, "no-such-key", now=NOW)


def test_two_administrators_who_press_at_once_leave_no_double_and_no_gap(database: Database, library: Library) -> None:
    with database.transaction() as session:
        cast = assemble(session, library)
        appoint(session)
        people = prepare(session, cast, *(f"Person {number}" for number in range(12)))
        actors = [cast.actor(cast.administrator(f"Chief {number}")) for number in range(4)]
    outcomes: list[str] = []

    def press(actor: Actor, order: Callable[[list[UUID]], list[UUID]]) -> None:
        for person_id in order(people):
            try:
                with database.transaction() as session:
                    actions.issue(session, actor, person_id, library.courses[COURSE], seal=seal(), now=NOW)
                outcomes.append("issued")
            except NotEligible:
                outcomes.append("passed over")

    orders: list[Callable[[list[UUID]], list[UUID]]] = [
        list,
        lambda some: some[::-1],
        list,
        lambda some: some[6:] + some[:6],
    ]
    threads = [threading.Thread(target=press, args=pair) for pair in zip(actors, orders, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        held = session.execute(select(Certificate.number, Certificate.person_id).order_by(Certificate.number)).all()
    assert [row.number for row in held] == list(range(1, 13))
    assert {row.person_id for row in held} == set(people)
    assert (outcomes.count("issued"), outcomes.count("passed over")) == (12, 36)


def test_what_replaces_a_certificate_is_signed_by_whoever_signs_that_day(cast: Cast, issue: Issue) -> None:
    former = issue("Ada Lerner", person=cast.person("Ada", place="liege"))
    chief = cast.actor(cast.administrator())
    issuers.save_issuer(cast.session, chief, cast.places["liege"], SAID, now=NOW)
    assert former.person_id is not None
    actions.confirm_name(cast.session, former.person_id, "Ada Learner", now=NOW)
    newer = actions.replace(cast.session, chief, former.id, seal=seal(), now=NOW)
    assert (claims(former).issuer, claims(newer).issuer) == ("LIAISE Training", "Ville de Liège")
    assert [one.name for one in claims(newer).signatories] == ["Willy D."]
    assert claims(newer).logo is not None
    assert queries.replaced_by(cast.session, former) == claims(newer).number
    assert queries.replaced_by(cast.session, newer) == ""
