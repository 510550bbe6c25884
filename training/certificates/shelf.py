"""The kept documents of a certificate: made and sealed at the first request, the same bytes ever after.

For work apart from a request (batches, archives); within one, `downloads` does the same on the request's sessions.
"""

from datetime import UTC, datetime
from uuid import UUID

from training.certificates import actions, production, queries
from training.certificates.models import Certificate
from training.certificates.office import Office
from training.certificates.rules import Claims
from training.db import Database
from training.languages import Language


def pdf(database: Database, office: Office, certificate_id: UUID, language: Language) -> bytes:
    """Return the sealed PDF of a certificate in a language.

    Raises `NoSuchCertificate` for the certificate of somebody erased, `UnsupportedScript`, `SealingFailed`.
    """
    with database.reading() as session:
        kept = queries.kept_pdf(session, certificate_id, language)
        if kept is not None:
            return kept
        certificate = session.get_one(Certificate, certificate_id)
        logo = queries.logo(session, Claims.model_validate(certificate.claims).logo)
    if certificate.erased_at is not None:
        raise actions.NoSuchCertificate
    made = production.make(certificate, logo, language, office)
    with database.transaction() as session:
        return actions.keep_pdf(
            session, certificate_id, language, made.pdf, made.token, seal=office.seal, now=datetime.now(UTC)
        )
