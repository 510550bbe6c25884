"""A client that looks at every page it fetches, as a careful reader would: title, heading, landmarks, names, policy."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PASSWORD
from training.languages import Language
from training.people.queries import account
from training.people.sign_ins import begin_sign_in

STAND_ALONE = "/verify/offline.html"
"""One file that is kept and opened without the server: it has no layout, and its scripts and styles inside."""
WITHOUT_TOKENS = "/kept"
"""Pages that a device keeps hold nobody's token: their script asks for one when the network is back."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class UntidyPage(AssertionError):
    """A page breaks a rule that holds for all of them."""


@dataclass
class Page:
    """An answer, parsed when it is HTML."""

    response: TestResponse
    tree: Any

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """What a reader reads, blanks folded."""
        main = self.tree.find(".//main")
        return " ".join("".join(main.itertext()).split())

    @property
    def html(self) -> str:
        return self.response.text

    @property
    def heading(self) -> str:
        return " ".join("".join(self.tree.find(".//h1").itertext()).split())

    def filled(self) -> dict[str, list[str]]:
        """What the form of the page would send as it stands, the token aside."""
        sent: dict[str, list[str]] = {}
        for field in self.tree.xpath(".//main//form//*[self::input or self::select][@name]"):
            if field.tag == "select":
                values = [one.get("value", "") for one in field.iter("option") if one.get("selected") is not None]
            elif field.get("type") in {"checkbox", "radio"} and field.get("checked") is None:
                values = []
            else:
                values = [field.get("value", "")]
            sent.setdefault(field.get("name"), []).extend(values)
        sent.pop("csrf_token", None)
        return {name: values for name, values in sent.items() if values}

    def links(self) -> list[str]:
        return [link.get("href") for link in self.tree.iterfind(".//a") if link.get("href")]

    def select(self, path: str) -> list[Any]:
        found: list[Any] = self.tree.findall(path)
        return found

    def token(self) -> str:
        """The CSRF token of the page's forms."""
        return str(
            next(field for field in self.tree.iterfind(".//input") if field.get("name") == "csrf_token").get("value")
        )


class Visitor:
    """A browser of one person, with cookies and forms; CSRF stays on."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self._csrf: str | None = None

    def get(self, path: str, *, status: int = 200, **options: Any) -> Page:
        return self._look(self.client.get(path, **options), status)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, status: int = 302, on: str | None = None, **options: Any
    ) -> Page:
        """Send a form with the token of the page it stands on (`on`, or the sign-in page)."""
        token = self._token(on)
        return self._look(self.client.post(path, data={"csrf_token": token, **(data or {})}, **options), status)

    def post_json(self, path: str, json: Any, *, status: int = 200) -> Any:
        answer = self.client.post(
            path, json=json, headers={"X-CSRFToken": self._token(None), "Accept": "application/json"}
        )
        assert answer.status_code == status, answer.text
        return answer.json

    def sign_in(self, email: str, *, password: str = PASSWORD) -> "Visitor":
        self._csrf = None
        self.post("/en/sign-in", {"email": email, "password": password})
        self._csrf = None
        return self

    def enter(self, person_id: UUID) -> "Visitor":
        """Sign in without typing a password: hashing one takes 30 ms by design."""
        with self.app.extensions["training.database"].transaction() as session:
            secret = begin_sign_in(
                session, person_id, own_device=True, user_agent="", now=datetime.now(UTC), strong=True
            )
        with self.client.session_transaction() as kept:
            kept.clear()
            kept["_user_id"] = f"{person_id}.{secret}"
            kept["_fresh"] = True
        self._csrf = None
        return self

    def send(self, method: str, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a request as it is and return the answer as it is; a POST brings the token of this session."""
        if method == "GET":
            return self.client.get(path, **options)
        return self.client.open(path, method=method, data={"csrf_token": self._token(None), **(data or {})}, **options)

    def _token(self, on: str | None) -> str:
        if on is not None:
            return self.get(on).token()
        if self._csrf is None:
            page = self.client.get("/en/account/password")
            if page.status_code != 200:
                page = self.client.get("/en/sign-in")
            found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
            assert found
            self._csrf = found.group(1)
        return self._csrf

    def _look(self, response: TestResponse, status: int) -> Page:
        assert response.status_code == status, f"{response.request.path}: {response.status_code} {response.text[:600]}"
        tree = None
        is_page = response.mimetype == "text/html" and not response.request.path.endswith(STAND_ALONE)
        if is_page and not 300 <= response.status_code < 400:
            tree = tidy(response)
        return Page(response, tree)


def tidy(response: TestResponse) -> Any:
    """Return the parsed page; raise `UntidyPage` when it breaks a rule that holds for all pages."""
    text = response.text
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False, strict=True)
    try:
        tree = parser.parse(text)
    except html5lib.html5parser.ParseError as error:
        line, column = parser.errors[-1][0]
        near = text.splitlines()[line - 1][max(0, column - 80) : column + 20]
        raise UntidyPage(f"{response.request.path}: not valid HTML: {error} at {near!r}") from error
    faults = [
        *_structure(tree),
        *_landmarks(tree),
        *_names(tree),
        *([] if response.request.path.endswith(WITHOUT_TOKENS) else _tokens(tree)),
        *_tables(tree),
        *_leads(tree),
        *_policy(text, response),
    ]
    if faults:
        raise UntidyPage(f"{response.request.path}: " + "; ".join(faults))
    return tree


def _structure(tree: Any) -> list[str]:
    faults = []
    headings = list(tree.iter(*HEADINGS))
    h1 = [_text(heading) for heading in headings if heading.tag == "h1"]
    title = _text(tree.find(".//title"))
    if len(h1) != 1 or not h1[0]:
        faults.append(f"{len(h1)} h1")
    elif "LIAISE" not in title:
        faults.append(f"title {title!r}")
    levels = [int(heading.tag[1]) for heading in headings]
    faults += [f"h{here} after h{before}" for before, here in pairwise(levels) if here > before + 1]
    if not tree.getroot().get("lang"):
        faults.append("no language")
    for landmark in ("header", "main", "footer"):
        if tree.find(f".//{landmark}") is None:
            faults.append(f"no {landmark}")
    doubles = [name for name, count in Counter(_identifiers(tree)).items() if count > 1]
    return faults + [f"id {name!r} stands twice" for name in doubles]


def _identifiers(tree: Any) -> list[str]:
    """Return the identifiers of a page, those within its templates aside: each is a document of its own."""
    return [
        element.get("id")
        for element in tree.iter()
        if isinstance(element.tag, str) and element.get("id") and next(element.iterancestors("template"), None) is None
    ]


def _landmarks(tree: Any) -> list[str]:
    """One main part, navigations that can be told apart, and the same page in the other four languages."""
    faults = []
    if len(list(tree.iter("main"))) != 1:
        faults.append("not one main")
    labels = [nav.get("aria-label") or nav.get("aria-labelledby") for nav in tree.iter("nav")]
    faults += ["a nav without a name" for label in labels if not label]
    faults += [f"two navs are called {name!r}" for name, count in Counter(filter(None, labels)).items() if count > 1]
    language = tree.getroot().get("lang")
    offered = {link.get("hreflang") for link in tree.iter("link") if link.get("rel") == "alternate"}
    if offered != {other.value for other in Language} - {language}:
        faults.append(f"offers itself in {sorted(offered)}")
    for element in tree.iter():
        if isinstance(element.tag, str) and int(element.get("tabindex") or 0) > 0:
            faults.append(f"tabindex of a {element.tag} above 0")
    return faults


def _tables(tree: Any) -> list[str]:
    """Every table has a name and headings that say of what; every fieldset and every fold has its words."""
    faults = []
    for table in tree.iter("table"):
        named = table.get("aria-label") or table.get("aria-labelledby") or table.find("caption") is not None
        region = table.getparent().get("aria-label") or table.getparent().get("aria-labelledby")
        in_prose = any("prose" in (one.get("class") or "") for one in table.iterancestors("div"))
        if not named and not region and not in_prose:  # there the heading and the sentence before it say what it is
            faults.append("a table without a name")
        faults += ["a heading of a table without scope" for head in table.iter("th") if not head.get("scope")]
        if not list(table.iter("th")):
            faults.append("a table without headings")
    faults += ["a fieldset without a legend" for one in tree.iter("fieldset") if one.find("legend") is None]
    faults += ["a fold without a summary" for one in tree.iter("details") if one.find("summary") is None]
    faults += ["a list with something else in it" for one in tree.iter("ul", "ol") if _strangers(one)]
    return faults


def _strangers(element: Any) -> list[Any]:
    return [child for child in element if child.tag not in {"li", "template", "script"} and isinstance(child.tag, str)]


def _leads(tree: Any) -> list[str]:
    """Links lead somewhere, foreign ones without saying from where, and none opens a window unasked."""
    faults = []
    for link in tree.iter("a"):
        address = link.get("href")
        if not address:
            faults.append(f"a link to nowhere: {_text(link)!r}")
        elif address.startswith("https://") and "noreferrer" not in (link.get("rel") or ""):
            faults.append(f"tells {address} where the reader comes from")
        elif address.startswith(("javascript:", "data:", "http://")) and not address.startswith("http://127.0.0.1"):
            faults.append(f"leads to {address[:60]}")
        if link.get("target"):
            faults.append(f"opens a window: {address}")
    return faults


def _names(tree: Any) -> list[str]:
    identifiers = {element.get("id") for element in tree.iter() if isinstance(element.tag, str) and element.get("id")}
    faults = []
    labelled = {label.get("for") for label in tree.iter("label")}
    for field in tree.iter("input", "select", "textarea"):
        named = field.get("id") in labelled or field.get("aria-label") or field.getparent().tag == "label"
        if field.get("type") not in {"hidden", "submit"} and not named:
            faults.append(f"a field without a label: {field.tag} {dict(field.attrib)}")
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for attribute in ("aria-labelledby", "aria-describedby", "for"):
            missing = [name for name in (element.get(attribute) or "").split() if name not in identifiers]
            faults += [f"{attribute} names {name!r}, which is not there" for name in missing]
    faults += ["an image without alt" for image in tree.iter("img") if image.get("alt") is None]
    faults += ["a link without words" for link in tree.iter("a") if not _text(link) and not link.get("aria-label")]
    faults += ["a button without words" for button in tree.iter("button") if not _text(button)]
    return faults


def _tokens(tree: Any) -> list[str]:
    return [
        "a form without a token" for form in tree.iter("form") if form.get("method") == "post" and not _has_token(form)
    ]


def _has_token(form: Any) -> bool:
    return any(field.get("name") == "csrf_token" for field in form.iter("input"))


def _policy(text: str, response: TestResponse) -> list[str]:
    faults = []
    if re.search(r"<[^>]+\s(style|on[a-z]+)=", text):
        faults.append("inline style or script")
    if re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>", text):
        faults.append("a script in the page")
    if "unsafe" in response.headers.get("Content-Security-Policy", "unsafe"):
        faults.append("no strict policy")
    foreign = re.findall(r'<(?:script|link|img|source|video|iframe)[^>]+(?:src|href)="(?:https?:)?//[^"]+"', text)
    foreign = [one for one in foreign if 'rel="alternate"' not in one]
    return faults + [f"contacts somebody else: {one[:80]}" for one in foreign]


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def email_of(app: Flask, person_id: UUID) -> str:
    """The e-mail address by which a person signs in."""
    with app.extensions["training.database"].reading() as session:
        return account(session, person_id).email
