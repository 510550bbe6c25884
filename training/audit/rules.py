"""How the entries of a chain hang together. Values in, values out."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

BEGINNING = "0" * 64
"""What the first entry of a chain names as the one before it."""


def digest(
    *,
    chain: UUID,
    number: int,
    at: datetime,
    event: str,
    actor_id: UUID | None,
    subject: str,
    facts: dict[str, Any],
    previous: str,
) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of an entry and of the one before it."""
    sealed = [
        str(chain),
        number,
        at.isoformat(timespec="microseconds"),
        event,
        str(actor_id),
        subject,
        facts,
        previous,
    ]
    text = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
