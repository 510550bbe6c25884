"""A certificate in the shape of the European Learning Model 3, as European Digital Credentials take it in.

It is not sealed: only an organisation with a qualified electronic seal issues there. The data are complete, so that
such an organisation can.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from training.certificates import rules
from training.certificates.models import Certificate
from training.certificates.office import Office
from training.certificates.rules import Claims
from training.certificates.snapshots import ISSUER_ZONE
from training.languages import Language
from training.web.words import Speech

CONTEXTS = ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"]
SCHEMA = "http://data.europa.eu/snb/model/ap/edc-generic-full"
GENERIC = "http://data.europa.eu/snb/credential/e34929035b"


def make(certificate: Certificate, office: Office) -> bytes:
    """Return the certificate as JSON-LD, every text in the five languages."""
    claims = Claims.model_validate(certificate.claims)
    link = rules.verify_address(office.public_url, claims.language, certificate.code)
    title = {language.value: [claims.course_title[language]] for language in Language}
    issuer = {
        "id": office.did,
        "type": "Organisation",
        "legalName": {claims.language.value: [claims.issuer]},
        "homepage": [{"id": office.public_url, "type": "WebResource", "contentURL": office.public_url}],
    }
    issued = certificate.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    credential = {
        "@context": CONTEXTS,
        "id": f"urn:credential:{uuid5(NAMESPACE_URL, link)}",
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialProfiles": [{"id": GENERIC, "type": "Concept", "prefLabel": {"en": ["Generic"]}}],
        "credentialSchema": [{"id": SCHEMA, "type": "ShaclValidator2017"}],
        "issuer": issuer,
        "issuanceDate": issued,
        "issued": issued,
        "validFrom": issued,
        "identifier": [{"id": "urn:epass:identifier:1", "type": "Identifier", "notation": claims.number}],
        "displayParameter": {"title": title, "language": [{"id": language.value} for language in Language]},
        "credentialSubject": {
            "id": "urn:epass:person:1",
            "type": "Person",
            "fullName": {claims.language.value: [claims.holder]},
            "hasClaim": [_achievement(claims, title, issuer, link)],
        },
    }
    return (json.dumps(credential, ensure_ascii=False, indent=2) + "\n").encode()


def _achievement(
    claims: Claims, title: Mapping[str, list[str]], issuer: Mapping[str, Any], link: str
) -> Mapping[str, Any]:
    hours, minutes = divmod(claims.minutes, 60)
    neither = (
        "It confirms that the course was completed. It is neither a qualification nor an assessment of competence."
    )
    return {
        "id": "urn:epass:learningAchievement:1",
        "type": "LearningAchievement",
        "title": title,
        "additionalNote": [{"noteLiteral": {code.value: [_said(code, neither)] for code in Language}}],
        "awardedBy": {
            "id": "urn:epass:awardingProcess:1",
            "type": "AwardingProcess",
            "awardingBody": [issuer],
            "awardingDate": f"{claims.issued_on.isoformat()}T00:00:00Z",
        },
        "specifiedBy": {
            "id": "urn:epass:learningAchievementSpec:1",
            "type": "LearningAchievementSpecification",
            "title": title,
            "volumeOfLearning": f"PT{hours}H{minutes}M" if minutes else f"PT{hours}H",
            "homepage": [{"id": link, "type": "WebResource", "contentURL": link}],
            "learningOutcome": [
                {
                    "id": f"urn:epass:learningOutcome:{chapter.number}",
                    "type": "LearningOutcome",
                    "title": {language.value: [chapter.title[language]] for language in Language},
                }
                for chapter in claims.chapters
            ],
        },
    }


def _said(language: Language, message: str) -> str:
    return Speech(language, ISSUER_ZONE).gettext(message)
