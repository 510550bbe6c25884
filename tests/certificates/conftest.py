"""What the tests of certificates share: an office with a seal, certificates with strange names, the readers of PDF."""

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from tests.cast import COURSE, NOW, Cast
from tests.sealing import appoint, seal
from training.certificates import actions, rules
from training.certificates.models import Certificate
from training.certificates.office import Office
from training.certificates.rules import ClaimedChapter, Claims, Signatory
from training.courses.library import Library
from training.db import new_id
from training.languages import Language

PUBLIC = "https://training.example.org"
STRANGE_NAMES = {
    Language.EN: (
        "María del Rosario Cayetana Fitz-James Stuart y de Silva-Wolfeschlegelsteinhausenbergerdorff, "
        "Duquesa de Alba y Liria III"
    ),
    Language.FR: "Ștefăniță-Țîrlea Brânduș-Łukaszewicz d’Apchier-O'Brien",
    Language.ES: "Νικόλαος-Ἰωάννης Παπακωνσταντινόπουλος",
    Language.IT: "Володимирівна-Ђорђевић Юлія Їжакевич",
    Language.DE: "Anne-Marie Groß-Weißenbacher Øster-Ðurić Cˇeliković ẞ é",
}
"""The longest name that is taken, and letters that other systems show as question marks, one in each language."""

LONG_TITLE = "Ausstieg und Deradikalisierung: wie Kommunen den Weg zurück begleiten können"
Issue = Callable[..., Certificate]


@pytest.fixture(scope="session")
def office() -> Office:
    """An installation's seal and address."""
    return Office(seal=seal(), public_url=PUBLIC)


def claims_of(library: Library, holder: str, language: Language = Language.EN, **more: object) -> Claims:
    """Claims of a certificate of the whole course, as full as they get."""
    course = library.courses[COURSE]
    said: dict[str, object] = {
        "holder": holder,
        "course": COURSE,
        "course_title": {code: course.file.title[code] for code in Language},
        "chapters": [
            ClaimedChapter(number=number, title=dict.fromkeys(Language, LONG_TITLE)) for number in range(1, 7)
        ],
        "minutes": 240,
        "rule_version": 2,
        "completed_on": date(2026, 11, 19),
        "issued_on": date(2026, 11, 20),
        "authority": {"en": "L’Hospitalet de Llobregat", "fr": "Communauté d’agglomération Roissy Pays de France"},
        "issuer": "Communauté d’agglomération Roissy Pays de France",
        "number": "LT-2026-000123",
        "language": language,
        "group": "Prevention network North, autumn 2026",
        "sessions": (3, 4),
        "refresher_months": 24,
        "refresher_on": date(2028, 11, 19),
        "signatories": (
            Signatory(name="Alba Romero", function={Language.EN: "Head of prevention and social cohesion"}),
            Signatory(name="Jean-Baptiste Vanderstraeten-Lemaître", function={Language.FR: "Bourgmestre"}),
        ),
        "funding": {Language.EN: "Funded by the European Union. Views expressed are those of the authors only."},
    }
    return Claims.model_validate(said | more)


def certificate_of(claims: Claims) -> Certificate:
    """A register entry with these claims, apart from any database."""
    return Certificate(
        id=new_id(),
        number=123,
        code=rules.new_code(),
        course=claims.course,
        claims=claims.model_dump(mode="json"),
        key_id=seal().kid,
        issued_at=NOW,
        refresher_on=claims.refresher_on,
    )


@pytest.fixture
def issue(cast: Cast) -> Issue:
    """Let somebody complete the course, confirm their name and get their certificate."""
    appoint(cast.session)
    chief = cast.actor(cast.administrator())

    def run(name: str = "Ada Learner", *, person: UUID | None = None, **options: object) -> Certificate:
        person_id = person or cast.person(name, **options)  # type: ignore[arg-type]
        cast.completes(person_id)
        actions.confirm_name(cast.session, person_id, name, now=NOW)
        return actions.issue(cast.session, chief, person_id, cast.library.courses[COURSE], seal=seal(), now=NOW)

    return run


def prepare(session: Session, cast: Cast, *names: str, place: str = "liege") -> list[UUID]:
    """Let people complete the course and confirm their names."""
    people = []
    for name in names:
        person_id = cast.person(name, place=place)
        cast.completes(person_id)
        actions.confirm_name(session, person_id, name, now=NOW)
        people.append(person_id)
    return people


@pytest.fixture
def run_on(tmp_path: Path) -> Callable[..., str]:
    """Give a document to a program of the system, and return what it prints."""

    def run(pdf: bytes, program: str, *arguments: str) -> str:
        file = tmp_path / "document.pdf"
        file.write_bytes(pdf)
        done = subprocess.run([program, *arguments, str(file)], capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.decode(errors="replace")

    return run
