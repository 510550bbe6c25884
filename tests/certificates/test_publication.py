"""What is published: keys, and which certificates do not hold; signed, dated, and leading to nobody."""

import base64
import gzip
import json
import re
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, Cast
from tests.certificates.conftest import PUBLIC, Issue
from tests.sealing import another_seal, seal
from training.certificates import actions, canonical, keyring, publication, rules
from training.certificates.keys import from_base64url
from training.certificates.office import Office
from training.certificates.rules import RevocationReason

LATER = NOW + timedelta(days=2)


def opened(jws: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and content of a signed list, its signature checked."""
    header, said, signature = jws.split(".")
    assert seal().public.verifies(from_base64url(signature), f"{header}.{said}".encode())
    return json.loads(from_base64url(header)), json.loads(from_base64url(said))


def test_the_list_says_what_does_not_hold_since_when_and_why(cast: Cast, issue: Issue, office: Office) -> None:
    chief = cast.actor(cast.administrator())
    good, bad, former = issue("Good"), issue("Bad"), issue("Formr")
    actions.revoke(cast.session, chief, bad.id, RevocationReason.ISSUED_IN_ERROR, now=LATER)
    assert former.person_id is not None
    actions.confirm_name(cast.session, former.person_id, "Former", now=LATER)
    actions.replace(cast.session, chief, former.id, seal=seal(), now=LATER)
    header, said = opened(publication.status_list(cast.session, office, now=LATER))
    assert header == {"alg": "ES256", "kid": seal().kid, "typ": "JWT"}
    assert (said["issuer"], said["made_at"]) == ("did:web:training.example.org", "2026-11-22T10:00:00Z")
    entries = {entry[0]: entry[1:] for entry in said["entries"]}
    assert entries == {
        rules.code_digest(bad.code): ["revoked", "2026-11-22", "issued-in-error"],
        rules.code_digest(former.code): ["replaced", "2026-11-22", "corrected-name"],
    }
    assert rules.code_digest(good.code) not in entries
    assert [key["kid"] for key in said["keys"]] == [seal().kid]


def test_nothing_in_it_leads_to_a_certificate_or_a_person(cast: Cast, issue: Issue, office: Office) -> None:
    chief = cast.actor(cast.administrator())
    bad = issue("Ada Learner")
    actions.revoke(cast.session, chief, bad.id, RevocationReason.ISSUED_IN_ERROR, now=LATER)
    published = json.dumps(
        [
            opened(publication.status_list(cast.session, office, now=LATER)),
            publication.did_document(cast.session, office),
            publication.badge_status(cast.session, office, now=LATER),
        ]
    )
    for told in (bad.code, rules.shown_code(bad.code), "Ada", "LT-2026", str(bad.id), str(bad.person_id)):
        assert told not in published
    assert not re.search(r"[A-Z2-7]{26}", published)


def test_the_badges_list_has_a_bit_for_each_number_among_many(cast: Cast, issue: Issue, office: Office) -> None:
    chief = cast.actor(cast.administrator())
    held = [issue(f"Person {number}") for number in range(3)]
    actions.revoke(cast.session, chief, held[1].id, RevocationReason.ISSUED_IN_ERROR, now=LATER)
    said = publication.badge_status(cast.session, office, now=LATER)["credentialSubject"]
    encoded = said["encodedList"]
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    assert len(bits) * 8 == publication.LEAST_POSITIONS
    assert [place for place in range(len(bits) * 8) if bits[place // 8] & 0x80 >> place % 8] == [held[1].number]


def test_former_keys_stay_in_the_document_and_distrusted_ones_go(cast: Cast, office: Office) -> None:
    second = another_seal()
    keyring.use_key(cast.session, seal(), now=NOW)
    keyring.use_key(cast.session, second, now=LATER)
    methods = {
        method["id"].partition("#")[2]: method["publicKeyMultibase"]
        for method in publication.did_document(cast.session, office)["verificationMethod"]
    }
    assert methods == {key.kid: canonical.multikey(key.public.compressed) for key in (seal(), second)}
    keyring.distrust_key(cast.session, second.kid, now=LATER)
    document = publication.did_document(cast.session, office)
    assert document["assertionMethod"] == [f"did:web:training.example.org#{seal().kid}"]
    _header, said = opened(publication.status_list(cast.session, office, now=LATER))
    assert [(key["kid"], bool(key["until"]), bool(key["distrusted"])) for key in said["keys"]] == [
        (second.kid, False, True),
        (seal().kid, True, False),
    ]


@pytest.mark.parametrize(
    ("address", "did"),
    [
        (PUBLIC, "did:web:training.example.org"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
    ],
)
def test_an_installation_is_known_by_its_host(address: str, did: str) -> None:
    assert Office(seal=seal(), public_url=address).did == did


def test_before_anything_is_signed_the_present_key_is_published(cast: Cast, office: Office) -> None:
    assert publication.did_document(cast.session, office)["assertionMethod"] == [office.method(seal().kid)]
    assert [key["kid"] for key in publication.published_keys(cast.session, office, now=NOW)] == [seal().kid]


@pytest.mark.parametrize(("data", "text"), [(b"", ""), (b"\0\0a", "112g"), (b"hello", "Cn8eVZg")])
def test_base58(data: bytes, text: str) -> None:
    assert canonical.base58(data) == text
