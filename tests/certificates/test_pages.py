"""Checking, taking away and reading the register, as strangers, administrators and other systems do it."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import assemble
from tests.pages import Visitor
from tests.world import World
from training.certificates.register_tokens import make_token, revoke_token
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
    assert str(datetime.now(UTC).year) in revoked.text


def test_the_sealed_file_is_told_from_any_other(app: Flask, world: World) -> None:
    pdf = pdf_of(app, world)
    assert "byte for byte as it was issued" in given(app, pdf)
    assert "was changed after it was sealed" in given(app, pdf.replace(b"/Title", b"/Tutle", 1))
    assert "Something was added" in given(app, pdf + b"\n% more\n")
    assert "no document that we have sealed" in given(app, b"%PDF-1.7\n%%EOF\n")


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
