"""Every kind of letter, in each of the five languages, as a mail server takes it."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from html import unescape
from typing import Any

import html5lib
import pytest

from tests.cast import NOW
from tests.engines import SqliteEngine
from tests.mail.letters import ADDRESS, NAME, draft, wordings
from tests.mail.server import Post, open_post
from training.db import Database
from training.languages import Language
from training.mail import actions
from training.mail.actions import Draft
from training.mail.push import push_due
from training.operation.labels import kind_label

RECEIVER = "person@example.org"
PLATFORM = {
    "en": "LIAISE Training",
    "fr": "LIAISE Formation",
    "es": "LIAISE Formación",
    "it": "Formazione LIAISE",
    "de": "LIAISE-Fortbildung",
}
"""What the platform is called on its pages, and therefore in its letters."""


@pytest.fixture(scope="module")
def sent(sqlite_engine: SqliteEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, EmailMessage]]:
    """Every letter as it arrived, by its kind and language."""
    with sqlite_engine.fresh(tmp_path_factory.mktemp("letters")) as database, open_post() as post:
        drafts = {f"{one.kind}.{language}": one for one, language in every_draft()}
        post_all(database, drafts)
        while push_due(database, post.url, sender="no-reply@training.example", host="training.example"):
            pass
        yield {key_of(found, drafts): found for found in arrived(post)}


def every_draft() -> Iterator[tuple[Draft, Language]]:
    for wording in wordings():
        for language in Language:
            yield draft(wording, language), language


def post_all(database: Database, drafts: dict[str, Draft]) -> None:
    with database.transaction() as session:
        for key, one in drafts.items():
            actions.post(session, one, address=RECEIVER, person_id=None, occurrence=key, now=NOW)


def arrived(post: Post) -> list[EmailMessage]:
    return post.letters_to(RECEIVER)


def key_of(found: EmailMessage, drafts: dict[str, Draft]) -> str:
    """The letter that this is: the one with the same subject and words."""
    return next(
        key for key, one in drafts.items() if one.subject == found["Subject"] and one.text == part(found, "plain")
    )


def part(found: EmailMessage, kind: str) -> str:
    body = found.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def tree_of(found: EmailMessage) -> Any:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False, strict=True)
    return parser.parse(part(found, "html"))


def test_every_kind_arrives_once_in_every_language(sent: dict[str, EmailMessage]) -> None:
    """I4: a letter is in the language of its receiver, whatever the language of the site is."""
    kinds = {one.kind for one, _language in every_draft()}
    assert len(kinds) >= 14
    assert set(sent) == {f"{kind}.{language}" for kind in kinds for language in Language}
    assert len({found["Message-ID"] for found in sent.values()}) == len(sent)
    for kind in kinds:
        assert len({sent[f"{kind}.{language}"]["Subject"] for language in Language}) == len(Language), kind
        assert len({part(sent[f"{kind}.{language}"], "plain") for language in Language}) == len(Language), kind


def test_the_head_of_a_letter_says_who_writes_to_whom_and_in_which_language(sent: dict[str, EmailMessage]) -> None:
    for key, found in sent.items():
        assert found["To"] == RECEIVER
        assert found["From"] == f"{PLATFORM[key.split('.')[1]]} <no-reply@training.example>"
        assert {one["Content-Language"] for one in found.walk()} == {key.split(".")[1]}
        assert found["Auto-Submitted"] == "auto-generated"
        assert found["Message-ID"].endswith("@training.example>")
        assert found["Date"].datetime == NOW
        assert found.get_content_type() == "multipart/alternative"
        assert [one.get_content_type() for one in found.iter_parts()] == ["text/plain", "text/html"]
        assert max(map(len, bytes(found).splitlines())) <= 998, "RFC 5322, 2.1.1"


def test_the_two_forms_of_a_letter_say_the_same(sent: dict[str, EmailMessage]) -> None:
    for key, found in sent.items():
        body = tree_of(found).find(".//body")
        read_aloud = " ".join(unescape(" ".join(body.itertext())).split())
        for line in part(found, "plain").splitlines():
            words = " ".join(line.removesuffix(":").removesuffix("\u202f").split())
            assert words in read_aloud, (key, line)


def test_a_screen_reader_finds_the_language_one_heading_and_a_link_with_words(sent: dict[str, EmailMessage]) -> None:
    for key, found in sent.items():
        tree = tree_of(found)
        assert tree.getroot().get("lang") == key.split(".")[1]
        assert tree.find(".//title").text == found["Subject"]
        assert ["".join(one.itertext()) for one in tree.iter("h1")] == [found["Subject"]]
        assert not list(tree.iter("table", "img", "script", "link", "iframe")), "nothing is fetched, nothing laid out"
        for link in tree.iter("a"):
            assert link.get("href") == ADDRESS
            assert "".join(link.itertext()).strip() not in {"", ADDRESS}
        assert 'role="presentation"' not in part(found, "html")


def test_names_stand_as_they_are_written_and_no_word_is_left_out(sent: dict[str, EmailMessage]) -> None:
    for key, found in sent.items():
        both = part(found, "plain") + " ".join(tree_of(found).find(".//body").itertext())
        assert both.count(NAME) in {0, 2}, key
        assert "%(" not in both
        assert "None" not in both
        if key.endswith(".fr"):
            french = f"{found['Subject']} {part(found, 'plain')}".replace(ADDRESS, "")
            assert not re.search(r"[^\u202f\u00a0][;!?»]|[^\u202f\u00a0]:(\s|$)", french), key


def test_every_kind_has_a_name_in_the_administrators_list(app: Any, sent: dict[str, EmailMessage]) -> None:
    kinds = {key.split(".")[0] for key in sent}
    for language in Language:
        with app.test_request_context(f"/{language}/"):
            assert all(kind_label(kind) != kind for kind in kinds)


def test_a_moment_is_told_in_the_zone_of_the_receiver(sent: dict[str, EmailMessage]) -> None:
    """Half past ten in the evening of 1 December, in UTC, is past midnight in Athens."""
    cities = {"en": "Athens", "fr": "Athènes", "es": "Atenas", "it": "Atene", "de": "Athen"}
    for language in Language:
        for kind in ("confirm", "invitation"):
            found = part(sent[f"{kind}.{language}"], "plain")
            assert re.search(r"\b0?0:30\b(?!:)", found), found
            assert "22:30" not in found
            assert f"{cities[language]})." in found, "whose time it is"


def test_a_german_sentence_goes_on_after_the_comma_of_the_greeting(sent: dict[str, EmailMessage]) -> None:
    """After “Guten Tag, …,” only what is always written large begins large: the polite form, a name, a noun."""
    for key, found in sent.items():
        if key.endswith(".de"):
            first = part(found, "plain").split("\n\n")[1]
            assert first[0].islower() or first.split()[0] in {"Sie", "Ihr", "Ihre", "Núria"}, (key, first)


def test_a_letter_says_who_wrote_it_and_whoever_is_warned_can_act(sent: dict[str, EmailMessage]) -> None:
    for key, found in sent.items():
        assert PLATFORM[key.split(".")[1]] in part(found, "plain"), key
        assert tree_of(found).find(".//body//p").text == PLATFORM[key.split(".")[1]]
    assert all(ADDRESS in part(sent[f"password-changed.{language}"], "plain") for language in Language)
