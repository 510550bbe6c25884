"""The evidence file: on what a certificate rests, dated and sealed, and nothing of marks or answers."""

import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader

from tests.cast import COURSE, NOW
from tests.certificates.conftest import STRANGE_NAMES, certificate_of, claims_of
from tests.certificates.test_documents import KEYS, RunOn
from tests.sealing import seal
from training.certificates import documents, evidence, inspection, production, snapshots
from training.certificates.inspection import Seal
from training.certificates.models import CertificateDocument, CertificateEvidence
from training.certificates.office import Office
from training.cohorts.models import GroupSession, TrainingGroup
from training.cohorts.rules import SessionKind
from training.courses.library import Library
from training.languages import Language
from training.progress.models import Milestone
from training.progress.rules import MilestoneKind
from training.web.words import Speech, zone_of

KINDS = (MilestoneKind.SECTION_READ, MilestoneKind.QUIZ_PASSED, MilestoneKind.CHAPTER_COMPLETED)


HELD = [
    (
        GroupSession(
            title=title,
            kind=kind.value,
            place="Nobody reads this later",
            time_zone="Europe/Athens",
            starts_at=NOW.replace(month=10, day=2 + number, hour=20, minute=30),
            ends_at=NOW.replace(month=10, day=2 + number, hour=23, minute=30),
        ),
        attended,
    )
    for number, (title, kind, attended) in enumerate(
        [("Opening day", SessionKind.FACE_TO_FACE, True), ("Cases from four cities", SessionKind.ONLINE, False)]
    )
]


GROUP = TrainingGroup(name="Group North", sessions_asked=1)
ATTENDED = [("face to face", "Opening day", "Yes"), ("online", "Cases from four cities", "No")]
ATHENS = {
    Language.EN: "Athens",
    Language.FR: "Athènes",
    Language.ES: "Atenas",
    Language.IT: "Atene",
    Language.DE: "Athen",
}


@pytest.fixture(scope="session")
def rests_on(library: Library) -> CertificateEvidence:
    """A chapter a day, from the first of October on."""
    course = library.courses[COURSE]
    begun = NOW.replace(month=10, day=1)
    milestones = [
        Milestone(kind=kind.value, chapter=chapter.slug, subject=chapter.slug, done_at=begun + timedelta(days=day))
        for day, chapter in enumerate(course.chapters)
        for kind in KINDS
    ]
    return CertificateEvidence(facts=snapshots.evidence_of(course, course.file.current_rule, milestones, GROUP, HELD))


def test_it_holds_dates_and_no_mark_no_answer_and_no_number_of_attempts(rests_on: CertificateEvidence) -> None:
    assert set(rests_on.facts) == {"rule", "enrolled_chapters", "milestones", "sessions_asked", "sessions"}
    assert {key for one in rests_on.facts["milestones"] for key in one} == {"kind", "chapter", "subject", "done_at"}


@pytest.mark.parametrize("language", Language)
def test_it_says_rule_hours_days_signatories_and_seals_in_every_language(
    language: Language, library: Library, office: Office, rests_on: CertificateEvidence, run_on: RunOn
) -> None:
    certificate = certificate_of(claims_of(library, STRANGE_NAMES[language], language))
    made = [CertificateDocument(language="fr", made_at=NOW, key_id=seal().kid, sha256="ab" * 32)]
    speech = production.speech_of(language)
    pdf = evidence.make(certificate, rests_on, made, office, speech, now=NOW)
    text = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    first = speech.short_date(NOW.replace(month=10, day=1).date())
    last = speech.short_date(NOW.replace(month=10, day=len(library.courses[COURSE].chapters)).date())
    headings = (
        "What had to be done",
        "What was done, and when",
        "Attendance at sessions",
        "Signatories",
        "Electronic seals",
    )
    said = [speech.gettext(heading) for heading in headings]
    said.append(speech.gettext("Sessions asked for by the group") + "1")
    said += [first, last, STRANGE_NAMES[language], "Alba Romero", "Bourgmestre", seal().kid, "ab" * 32]
    assert [one for one in said if "".join(one.split()) not in text] == []
    sessions = text[text.index("".join(said[2].split())) : text.index("".join(said[3].split()))]
    for day, (kind, title, attended) in enumerate(ATTENDED, 2):
        begun = Speech(language, zone_of("Europe/Athens")).moment(NOW.replace(month=10, day=day, hour=20, minute=30))
        row = (f"{begun} ({ATHENS[language]})", title, kind, documents.duration(180, speech), attended)
        assert "".join("".join(speech.gettext(one).split()) for one in row) in sessions
    assert inspection.inspect(pdf, KEYS).seal is Seal.WHOLE
    assert "No syntax or stream encoding errors" in run_on(pdf, "qpdf", "--check")
    structure = run_on(pdf, "pdfinfo", "-enc", "UTF-8", "-struct-text")
    assert {"H1", "H2", "Table", "TH", "TD", "Form"} <= set(re.findall(r"^ *(\w+)", structure, re.MULTILINE))
