"""A certificate as an Open Badges 3.0 credential (1EdTech, Open Badges 3.0, appendix B), for wallets and portfolios."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from training.certificates import canonical, rules
from training.certificates.canonical import CREDENTIALS, OPEN_BADGES
from training.certificates.models import Certificate
from training.certificates.office import Office
from training.certificates.publication import BADGE_STATUS_PATH
from training.certificates.rules import Claims
from training.certificates.snapshots import ISSUER_ZONE
from training.languages import Language
from training.web.words import Speech

MARK = Path(__file__).parent / "art" / "mark.svg"


def make(certificate: Certificate, office: Office, *, now: datetime) -> bytes:
    """Return the signed credential of a certificate, in its holder's language, as JSON."""
    credential = canonical.signed(
        _credential(certificate, office), office.seal, method=office.method(office.seal.kid), now=now
    )
    return (json.dumps(credential, ensure_ascii=False, indent=2) + "\n").encode()


def _credential(certificate: Certificate, office: Office) -> Mapping[str, Any]:
    claims = Claims.model_validate(certificate.claims)
    status = office.public_url + BADGE_STATUS_PATH
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": rules.verify_address(office.public_url, claims.language, certificate.code),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": claims.course_title[claims.language],
        "issuer": {"id": office.did, "type": ["Profile"], "name": claims.issuer, "url": office.public_url},
        "validFrom": certificate.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "awardedDate": _midnight(claims.issued_on.isoformat()),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "hashed": False, "identityHash": claims.holder, "identityType": "name"}
            ],
            "activityEndDate": _midnight(claims.completed_on.isoformat()),
            "licenseNumber": claims.number,
            "achievement": _achievement(claims, office, claims.language),
        },
        "credentialStatus": {
            "id": f"{status}#{certificate.number}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(certificate.number),
            "statusListCredential": status,
        },
    }


def _achievement(claims: Claims, office: Office, language: Language) -> Mapping[str, Any]:
    speech = Speech(language, ISSUER_ZONE)
    chapters = speech.listing([chapter.title[language] for chapter in claims.chapters])
    picture = base64.b64encode(MARK.read_bytes()).decode()
    return {
        "id": f"{office.public_url}/en/courses/{claims.course}/#rule-{claims.rule_version}",
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "inLanguage": language.value,
        "name": claims.course_title[language],
        "description": speech.gettext(
            "It confirms that the course was completed. It is neither a qualification nor an assessment of competence."
        ),
        "criteria": {"narrative": speech.gettext("All chapters completed: %(chapters)s", chapters=chapters)},
        "image": {"id": f"data:image/svg+xml;base64,{picture}", "type": "Image"},
        "version": str(claims.rule_version),
    }


def _midnight(day: str) -> str:
    return f"{day}T00:00:00Z"
