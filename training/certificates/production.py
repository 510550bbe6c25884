"""Making the document of a certificate: claims signed, set, sealed."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from training.certificates import documents, rules, seals, tokens
from training.certificates.documents import Checking, Picture
from training.certificates.models import Certificate, IssuerLogo
from training.certificates.office import Office
from training.certificates.rules import Claims
from training.certificates.seals import Inscription
from training.certificates.snapshots import ISSUER_ZONE
from training.languages import Language
from training.web.words import Speech


@dataclass(frozen=True, kw_only=True)
class Made:
    """A sealed document, and the token in it."""

    pdf: bytes
    token: str


def make(certificate: Certificate, logo: IssuerLogo | None, language: Language, office: Office) -> Made:
    """Return the sealed PDF of a certificate in a language. Raises `UnsupportedScript`, `SealingFailed`."""
    claims = Claims.model_validate(certificate.claims)
    speech = Speech(language, ISSUER_ZONE)
    token = tokens.write(tokens.proof_of(claims, certificate.code, language, office.seal.kid), office.seal)
    link = rules.verify_address(office.public_url, language, certificate.code, token)
    address = rules.verify_address(office.public_url, language, certificate.code)
    checking = Checking(code=certificate.code, address=address, link=link)
    picture = Picture(kind=logo.kind, data=logo.picture) if logo else None
    plain = documents.render(claims, checking, speech=speech, issued_at=certificate.issued_at, logo=picture)
    inscription = Inscription(
        label=speech.gettext("Electronic seal of %(issuer)s", issuer=claims.issuer),
        reason=speech.gettext("Certificate %(number)s", number=claims.number),
        link=link,
    )
    return Made(pdf=seals.seal(plain, office.seal, inscription, timestamp_url=office.timestamp_url), token=token)


def speech_of(language: Language, zone: ZoneInfo = ISSUER_ZONE) -> Speech:
    """Return how documents are worded: in a language, with the days of the issuer's zone."""
    return Speech(language, zone)
