"""The signed claims of the QR code: read as written, refused in every other form."""

import base64
import dataclasses
import hashlib
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.certificates.conftest import STRANGE_NAMES, claims_of
from tests.sealing import another_seal, seal
from training.certificates import tokens
from training.certificates.keys import ORDER, SealKey
from training.certificates.rules import new_code
from training.certificates.tokens import CONTEXT, Proof, Refusal, TokenRefused
from training.courses.library import Library
from training.languages import Language

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
KEYS = {seal().kid: seal().public}
PROOF = Proof(
    kid=seal().kid,
    code="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    number="LT-2026-000001",
    holder="Đorđe Lukić",
    course="Préventing",
    language=Language.FR,
    chapters=6,
    minutes=240,
    completed_on=date(2026, 11, 19),
    issued_on=date(2026, 11, 20),
    refresher_on=None,
    issuer="Ville de Liège",
    authority="Liège",
    group="",
    demonstration=False,
)
TOKEN = tokens.write(PROOF, seal())


def refusal(token: str) -> Refusal:
    with pytest.raises(TokenRefused) as refused:
        tokens.read(token, KEYS)
    return refused.value.why


def encoded(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def decoded(token: str) -> bytes:
    return base64.b32decode(token + "=" * (-len(token) % 8))


def signed(payload: bytes, key: SealKey) -> str:
    summed = payload + hashlib.sha256(payload).digest()[:4]
    return encoded(summed + key.sign(CONTEXT + summed))


@given(holder=st.text(min_size=1, max_size=120), group=st.text(max_size=40), minutes=st.integers(0, 100_000))
def test_what_is_written_is_read_whatever_the_name(holder: str, group: str, minutes: int) -> None:
    if any(0xD800 <= ord(sign) <= 0xDFFF for sign in holder + group):
        return
    proof = dataclasses.replace(PROOF, holder=holder, group=group, minutes=minutes)
    assert tokens.read(tokens.write(proof, seal()), KEYS) == proof


@pytest.mark.parametrize("language", Language)
def test_the_claims_of_a_certificate_fit_whatever_its_name(language: Language, library: Library) -> None:
    claims = claims_of(library, STRANGE_NAMES[language], language)
    token = tokens.write(tokens.proof_of(claims, new_code(), language, seal().kid), seal())
    assert tokens.read(token, KEYS).holder == STRANGE_NAMES[language]
    assert len(token) < 1200


def test_a_token_is_refused_after_any_change_of_one_sign() -> None:
    for place, sign in enumerate(TOKEN):
        for other in {ALPHABET[(ALPHABET.index(sign) + step) % 32] for step in (1, 5, 16, 31)}:
            assert refusal(TOKEN[:place] + other + TOKEN[place + 1 :]) in {Refusal.ALTERED, Refusal.FORGED}


def test_a_token_is_refused_after_any_change_of_one_byte() -> None:
    data = decoded(TOKEN)
    for place in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[place] ^= 1 << bit
            assert refusal(encoded(bytes(changed))) in {Refusal.ALTERED, Refusal.FORGED}


def test_a_token_is_refused_in_any_other_form_of_the_same() -> None:
    for form in (TOKEN.lower(), TOKEN + "=", TOKEN + "====", TOKEN[:10] + " " + TOKEN[10:], TOKEN + "\n", f"{TOKEN}A"):
        assert refusal(form) in {Refusal.UNREADABLE, Refusal.ALTERED}
    loose = 5 * len(TOKEN) % 8  # bits behind the last byte: they say nothing, and have to be zero
    assert loose
    for more in range(1, 1 << loose):
        assert refusal(TOKEN[:-1] + ALPHABET[ALPHABET.index(TOKEN[-1]) | more]) is Refusal.ALTERED
    for cut in range(1, 40):
        assert refusal(TOKEN[:-cut]) in {Refusal.ALTERED, Refusal.FORGED}


def test_the_other_half_of_the_signatures_is_refused() -> None:
    """ECDSA takes s and its complement alike: of the two, one is written and one is read."""
    data = decoded(TOKEN)
    s = int.from_bytes(data[-32:])
    assert s <= ORDER // 2
    assert refusal(encoded(data[:-32] + (ORDER - s).to_bytes(32))) is Refusal.FORGED


@pytest.mark.parametrize(
    "spoil",
    [
        lambda said: json.dumps(said, ensure_ascii=False).encode(),
        lambda said: json.dumps(said, separators=(",", ":")).encode(),
        lambda said: json.dumps([*said, 1], ensure_ascii=False, separators=(",", ":")).encode(),
        lambda said: json.dumps(said[:-1], ensure_ascii=False, separators=(",", ":")).encode(),
        lambda said: json.dumps([*said[:-1], False], ensure_ascii=False, separators=(",", ":")).encode(),
        lambda said: json.dumps([*said[:8], 240.0, *said[9:]], ensure_ascii=False, separators=(",", ":")).encode(),
        lambda said: b"\xff" + json.dumps(said).encode(),
        lambda said: b"[" * 3000,
        lambda _said: b'{"holder":"me"}',
    ],
)
def test_even_signed_by_us_a_payload_is_read_in_its_one_form_only(spoil: object) -> None:
    said = json.loads(decoded(TOKEN)[:-68])
    assert refusal(signed(spoil(said), seal())) is Refusal.ALTERED  # type: ignore[operator]


def test_a_token_of_an_unknown_key_is_told_from_a_forged_one() -> None:
    other = another_seal()
    assert refusal(tokens.write(dataclasses.replace(PROOF, kid=other.kid), other)) is Refusal.UNKNOWN_KEY
    assert refusal(tokens.write(PROOF, other)) is Refusal.FORGED


@given(text=st.text(max_size=300))
def test_whatever_is_pasted_is_answered(text: str) -> None:
    found = tokens.find(text)
    with pytest.raises(TokenRefused):
        tokens.read(found or text, KEYS)


def test_a_token_is_found_in_a_link_and_alone() -> None:
    link = f"https://training.example.org/fr/verify/{PROOF.code}#{TOKEN}"
    assert tokens.find(link) == tokens.find(f"  {TOKEN}\n") == tokens.find(f"see <{link}>") == TOKEN
    assert tokens.find(PROOF.code) is None


def test_a_signature_of_something_else_is_no_signature_of_claims() -> None:
    """The status list is signed by the same key: what was signed there cannot be brought here."""
    payload = decoded(TOKEN)[:-64]
    assert refusal(encoded(payload + seal().sign(payload))) is Refusal.FORGED
