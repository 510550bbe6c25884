"""The Open Badges credential: of the shape that its schema asks for, and verified by a library of another codebase."""

import copy
import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cast import NOW, Cast
from tests.certificates.conftest import PUBLIC, STRANGE_NAMES, certificate_of, claims_of
from tests.engines import SqliteEngine
from tests.sealing import another_seal, seal
from training.certificates import badges, canonical, europass, keyring, publication, queries
from training.certificates.canonical import UnknownContext
from training.certificates.models import Certificate
from training.certificates.office import Office
from training.courses.library import Library
from training.db import Database
from training.languages import Language
from training.settings import ROOT

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "ob_v3p0_achievementcredential_schema.json").read_text())
NODE = ROOT / "tests" / "node"
Verify = Callable[..., Mapping[str, Any]]


@pytest.fixture
def database(sqlite_engine: SqliteEngine, tmp_path: Path) -> Iterator[Database]:
    """One engine is enough: what is checked here depends on none."""
    with sqlite_engine.fresh(tmp_path) as database:
        yield database


@pytest.fixture
def badge(cast: Cast, library: Library, office: Office) -> dict[str, Any]:
    keyring.use_key(cast.session, seal(), now=NOW)
    claims = claims_of(library, STRANGE_NAMES[Language.FR], Language.FR)
    return dict(json.loads(badges.make(certificate_of(claims), office, now=NOW)))


@pytest.fixture
def verify(cast: Cast, office: Office) -> Verify:
    """Let the library look at a credential, with what the installation publishes, or with what a test says instead."""

    def run(credential: Mapping[str, Any], **documents: Any) -> Mapping[str, Any]:
        published = {
            office.did: publication.did_document(cast.session, office),
            PUBLIC + publication.BADGE_STATUS_PATH: publication.badge_status(cast.session, office, now=NOW),
        }
        given = json.dumps({"credential": credential, "documents": {**published, **documents}})
        done = subprocess.run(
            ["node", "verify-badge.js"], cwd=NODE, input=given, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    return run


@pytest.mark.parametrize("language", Language)
def test_it_validates_against_the_schema_in_every_language(
    language: Language, library: Library, office: Office
) -> None:
    claims = claims_of(library, STRANGE_NAMES[language], language)
    credential = json.loads(badges.make(certificate_of(claims), office, now=NOW))
    validator = jsonschema.Draft201909Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(credential)] == []
    assert isinstance(credential["proof"], list)
    assert credential["credentialSubject"]["achievement"]["inLanguage"] == language.value


def test_an_independent_library_verifies_it(badge: dict[str, Any], verify: Verify) -> None:
    assert verify(badge) == {"verified": True, "error": "", "status": [False]}


def test_the_status_list_itself_is_verified_and_says_what_was_revoked(
    cast: Cast, badge: dict[str, Any], verify: Verify, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    revoked = [Certificate(number=123, code="A" * 26)]
    monkeypatch.setattr(queries, "withdrawn", lambda _session: revoked)
    found = verify(badge)
    assert found["status"] == [True]
    spoilt = copy.deepcopy(dict(publication.badge_status(cast.session, office, now=NOW)))
    spoilt["credentialSubject"]["encodedList"] += "A"
    assert not verify(badge, **{PUBLIC + publication.BADGE_STATUS_PATH: spoilt})["verified"]


@pytest.mark.parametrize(
    "alter",
    [
        lambda badge: badge["credentialSubject"]["identifier"][0].update(identityHash="Somebody else"),
        lambda badge: badge["credentialSubject"].update(licenseNumber="LT-2026-000124"),
        lambda badge: badge["credentialSubject"]["achievement"].update(name="Another course"),
        lambda badge: badge["issuer"].update(name="Another city"),
        lambda badge: badge.update(validFrom="2020-01-01T00:00:00Z"),
        lambda badge: badge["credentialStatus"].update(statusListIndex="7"),
        lambda badge: badge["proof"][0].update(created="2020-01-01T00:00:00Z"),
        lambda badge: badge.pop("proof"),
    ],
    ids=["name", "number", "course", "issuer's name", "date", "status", "proof", "no proof"],
)
def test_it_refuses_whatever_was_altered(alter: Callable[[Any], object], badge: dict[str, Any], verify: Verify) -> None:
    alter(badge)
    assert not verify(badge)["verified"]


def test_it_refuses_a_wrong_issuer(badge: dict[str, Any], verify: Verify, office: Office) -> None:
    """Signed by our key in the name of somebody else: the key has to stand in the issuer's own document."""
    stranger = "did:web:stranger.example.org"
    unsigned = {name: value for name, value in badge.items() if name != "proof"}
    unsigned["issuer"] = {**badge["issuer"], "id": stranger}
    signed = canonical.signed(unsigned, seal(), method=office.method(seal().kid), now=NOW)
    document = {"@context": "https://www.w3.org/ns/did/v1", "id": stranger, "assertionMethod": []}
    found = verify(signed, **{stranger: document})
    assert not found["verified"]
    assert "issuer must match" in found["error"]


def test_it_refuses_a_wrong_key(badge: dict[str, Any], verify: Verify, office: Office) -> None:
    other = another_seal()
    unsigned = {name: value for name, value in badge.items() if name != "proof"}
    ours = canonical.signed(unsigned, other, method=office.method(seal().kid), now=NOW)
    assert not verify(ours)["verified"]
    theirs = canonical.signed(unsigned, other, method=office.method(other.kid), now=NOW)
    assert not verify(theirs)["verified"]


def test_after_the_key_was_followed_by_another_it_still_verifies(
    cast: Cast, badge: dict[str, Any], verify: Verify
) -> None:
    keyring.use_key(cast.session, another_seal(), now=NOW)
    assert verify(badge)["verified"]
    keyring.distrust_key(cast.session, seal().kid, now=NOW)
    assert not verify(badge)["verified"]


def test_nothing_is_fetched_to_sign(office: Office) -> None:
    with pytest.raises(Exception) as refused:  # noqa: PT011  PyLD wraps it
        canonical.signed({"@context": ["https://elsewhere.example/context"]}, seal(), method="x", now=NOW)
    assert any(isinstance(error, UnknownContext) for error in _chain(refused.value))


def test_the_data_for_europass_have_every_text_in_five_languages(library: Library, office: Office) -> None:
    """G12: what the European learning model asks for is there from the first day."""
    said = json.loads(europass.make(certificate_of(claims_of(library, "Ada Learner")), office))
    assert "EuropeanDigitalCredential" in said["type"]
    assert "proof" not in said
    claim = said["credentialSubject"]["hasClaim"][0]
    assert set(claim["title"]) == set(claim["additionalNote"][0]["noteLiteral"]) == {code.value for code in Language}
    assert claim["specifiedBy"]["volumeOfLearning"] == "PT4H"
    assert said["credentialSubject"]["fullName"] == {"en": ["Ada Learner"]}


def _chain(error: BaseException) -> list[BaseException]:
    found = [error]
    for one in found:
        found += [
            cause
            for cause in (one.__cause__, one.__context__, getattr(one, "cause", None))
            if cause and cause not in found
        ]
    return found
