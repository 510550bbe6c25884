"""Checking, taking away and reading the register, as strangers, administrators and other systems do it."""

import base64
import csv
import hashlib
import io
import re
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import NOW, assemble
from tests.certificates.conftest import STRANGE_NAMES, certificate_of, claims_of
from tests.engines import SqliteEngine
from tests.pages import Visitor
from tests.sealing import seal
from tests.world import World
from training.certificates import actions, keyring, production, shelf
from training.certificates.accessors import unprintable_words
from training.certificates.archives import OWN_LANGUAGE, Wanted, stream
from training.certificates.models import Certificate, NameConfirmation
from training.certificates.office import Office
from training.certificates.register_tokens import make_token, revoke_token
from training.certificates.rules import Claims, shown_number
from training.certificates.seals import SealingFailed
from training.certificates.snapshots import issuer_day
from training.courses.library import Library
from training.db import Database
from training.languages import CSV_DELIMITERS, Language
from training.mail.models import Letter


def pdf_of(app: Flask, world: World, language: str = "en") -> bytes:
    visitor = Visitor(app).enter(world.administrator)
    return bytes(visitor.client.get(f"/en/admin/certificates/{world.certificate}/{language}.pdf").data)


def given(app: Flask, pdf: bytes) -> str:
    """Return what a stranger reads who gives a document to the checking page."""
    visitor = Visitor(app)
    answer = visitor.send("POST", "/en/verify/document", {"document": (io.BytesIO(pdf), "certificate.pdf")})
    return visitor._look(answer, 200).text


@pytest.mark.parametrize("language", Language)
def test_a_stranger_sees_what_holds_and_what_does_not(app: Flask, world: World, language: Language) -> None:
    """G4: the claims in full for whoever holds the code, and since when it does not hold any more."""
    stranger = Visitor(app)
    valid = stranger.get(f"/{language}/verify/{world.certificate_code}")
    revoked = stranger.get(f"/{language}/verify/{world.revoked_code}")
    unknown = stranger.get(f"/{language}/verify/{'A' * 26}", status=404)
    assert "Hugo Holder" in valid.text
    assert "Rita Revoked" in revoked.text
    assert len({page.text for page in (valid, revoked, unknown)}) == 3
    assert str(issuer_day(datetime.now(UTC)).year) in revoked.text


def test_the_sealed_file_is_told_from_any_other(app: Flask, world: World) -> None:
    pdf = pdf_of(app, world)
    assert "byte for byte as it was issued" in given(app, pdf)
    assert "was changed after it was sealed" in given(app, pdf.replace(b"/Title", b"/Tutle", 1))
    assert "Something was added" in given(app, pdf + b"\n% more\n")
    assert "no document that we have sealed" in given(app, b"%PDF-1.7\n%%EOF\n")


def test_what_a_key_in_wrong_hands_has_signed_or_sealed_is_not_called_ours(
    app: Flask, world: World, app_database: Database, office: Office, library: Library
) -> None:
    """Whoever has the key signs what they like: it counts only as far as the register knows it."""
    made = production.make(certificate_of(claims_of(library, "Mallory")), None, Language.EN, office)
    known = pdf_of(app, world)

    def proved() -> str:
        return Visitor(app).post("/en/verify/proof", {"proof": made.token}, status=200).text

    assert "These facts were signed by us" in proved()
    assert "sealed by us and unchanged" in given(app, made.pdf)
    with app_database.transaction() as session:
        keyring.distrust_key(session, seal().kid, now=NOW)
    for told in (proved(), given(app, made.pdf)):
        assert "is not trusted any more" in told
        assert "by us" not in told
        assert "Our register does not know this certificate" in told
    assert "byte for byte as it was issued" in given(app, known)


def test_a_replaced_certificate_names_the_one_that_has_taken_its_place(
    app: Flask, world: World, app_database: Database, library: Library
) -> None:
    """G13: and the newer one is valid."""
    with app_database.transaction() as session:
        cast = assemble(session, library)
        former = session.get_one(Certificate, world.certificate)
        newer = actions.replace(
            session, cast.actor(world.administrator), former.id, refreshed_on=NOW.date(), seal=seal(), now=NOW
        )
        codes, number = (former.code, newer.code), Claims.model_validate(newer.claims).number
    stranger = Visitor(app)
    assert "was replaced on" in stranger.get(f"/en/verify/{codes[0]}").text
    assert f"Certificate {number} has taken its place" in stranger.get(f"/en/verify/{codes[0]}").text
    assert "This certificate is valid" in stranger.get(f"/en/verify/{codes[1]}").text


def test_the_documents_of_a_scope_come_as_one_archive(app: Flask, world: World) -> None:
    """G8: all at once, in the language of each holder or in all five, with the register beside them."""
    local = Visitor(app).enter(world.local)
    answer = local.send("POST", "/fr/admin/certificates/register/documents", {"documents": "all"})
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    names = archive.namelist()
    documents = [name for name in names if name.endswith(".pdf")]
    assert archive.testzip() is None
    assert len(documents) == 2 * len(Language)  # the participant's and Hugo's; Rita's is revoked, Augsburg's foreign
    assert all(archive.read(name).startswith(b"%PDF") for name in documents)
    assert "register.csv" in names


def test_an_archive_names_what_it_cannot_hold_and_holds_the_rest(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shelf.pdf

    def failing(database: Database, office: Office, certificate_id: UUID, wanted: Language) -> bytes:
        if wanted is Language.IT:
            raise SealingFailed
        return real(database, office, certificate_id, wanted)

    monkeypatch.setattr(shelf, "pdf", failing)
    local = Visitor(app).enter(world.local)
    answer = local.send("POST", "/fr/admin/certificates/register/documents", {"documents": "all"})
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    documents = [name for name in archive.namelist() if name.endswith(".pdf")]
    missing = archive.read("missing.txt").decode().split()
    assert len(documents) == 2 * (len(Language) - 1)
    assert [name.removesuffix(".pdf")[-2:] for name in missing] == ["it", "it"]


def test_the_memory_of_an_archive_does_not_grow_with_what_is_in_it(
    sqlite_engine: SqliteEngine, library: Library, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G8: written while it is sent; what grows is the archive's own table of contents."""
    monkeypatch.setattr(shelf, "pdf", lambda *_what: bytes(100_000))
    said = claims_of(library, "Ada Learner")

    def peak(database: Database, most: int) -> tuple[int, int]:
        wanted = Wanted(select(Certificate).where(Certificate.number <= most), OWN_LANGUAGE)
        tracemalloc.start()
        sent = sum(map(len, stream(database, office, wanted, production.speech_of(Language.DE), now=NOW)))
        _now, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return sent, highest

    with sqlite_engine.fresh(tmp_path) as database:
        with database.transaction() as session:
            keyring.use_key(session, seal(), now=NOW)
            for number in range(1, 401):
                one = certificate_of(said.model_copy(update={"number": shown_number(number, NOW)}))
                one.number = number
                session.add(one)
        peak(database, 10)
        few, many = peak(database, 60), peak(database, 400)
    assert many[0] > 400 * 100_000 > few[0] > 60 * 100_000
    assert many[1] - few[1] < (many[0] - few[0]) / 20


@pytest.mark.parametrize("language", Language)
def test_a_name_that_cannot_be_printed_is_refused_with_what_to_do_and_any_other_is_kept_as_written(
    app: Flask, world: World, app_database: Database, language: Language
) -> None:
    """G6: in a script that the fonts lack never boxes, but a sentence; the field keeps what was typed."""
    finisher, address = Visitor(app).enter(world.finisher), f"/{language}/account/certificates/name"
    refused = finisher.post(address, {"name": "王小明", "exact": "y"}, status=422, on=address)
    assert unprintable_words(production.speech_of(language)) in refused.text
    assert 'value="王小明"' in refused.html
    finisher.post(address, {"name": f"  {STRANGE_NAMES[language]}\n", "exact": "y"}, on=address)
    with app_database.reading() as session:
        assert session.get_one(NameConfirmation, world.finisher).name == STRANGE_NAMES[language]


def test_the_checking_page_is_an_attachment_with_a_policy_of_its_own(app: Flask) -> None:
    answer = app.test_client().get("/it/verify/offline.html")
    policy = answer.headers["Content-Security-Policy"]
    script = re.search(r"<script>(.*)</script>", answer.text, re.DOTALL)
    assert script
    digest = base64.b64encode(hashlib.sha256(script.group(1).encode()).digest()).decode()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert f"script-src 'sha256-{digest}'" in policy
    assert f"script-src &#39;sha256-{digest}&#39;" in answer.text or f"script-src 'sha256-{digest}'" in answer.text
    assert not re.search(r"(?:src|href)=", answer.text.replace("-src", ""))


@pytest.mark.parametrize("language", Language)
def test_the_register_is_exported_in_the_language_of_the_page(app: Flask, world: World, language: Language) -> None:
    local = Visitor(app).enter(world.local)
    answer = local.send("POST", f"/{language}/admin/certificates/register/export", {"form": "csv"})
    text = answer.get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=CSV_DELIMITERS[language]))
    assert text.startswith("\ufeff")
    assert len({len(row) for row in rows}) == 1
    assert "Hugo Holder" in text
    assert "Eve Elsewhere" not in text


def test_another_system_reads_its_part_of_the_register_until_its_token_is_revoked(
    app: Flask, world: World, app_database: Database, library: Library
) -> None:
    """G8: an interface from the first day, within the scope of the authority that gave the token."""
    with app_database.transaction() as session:
        actor = assemble(session, library).actor(world.administrator)
        token = make_token(session, actor, world.place, "Personnel system", now=datetime.now(UTC))
    client = app.test_client()
    bearer = {"Authorization": f"Bearer {token.secret}"}
    assert client.get("/api/certificates").status_code == 401
    assert client.get("/api/certificates", headers={"Authorization": "Bearer made-up"}).status_code == 401
    entries = client.get("/api/certificates", headers=bearer).get_json()["certificates"]
    assert {entry["holder"] for entry in entries} == {"Ada Learner", "Hugo Holder", "Rita Revoked"}
    assert {entry["state"] for entry in entries} == {"valid", "revoked"}
    with app_database.transaction() as session:
        revoke_token(session, actor, token.id, now=datetime.now(UTC))
    assert client.get("/api/certificates", headers=bearer).status_code == 401


def test_the_letter_about_a_certificate_is_in_its_holders_language(
    app: Flask, world: World, app_database: Database
) -> None:
    """G5: whatever language the administrator works in."""
    administrator = Visitor(app).enter(world.administrator)
    administrator.post(f"/de/admin/certificates/{world.certificate}/revoke", {"reason": "wrong-details"})
    with app_database.reading() as session:
        letter = session.scalars(select(Letter).order_by(Letter.made_at.desc())).first()
    assert letter is not None
    assert letter.language == "en"
    assert "certificate" in letter.subject.lower()
