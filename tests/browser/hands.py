"""What a person does with a page: go on by keyboard, answer, change the language; and what they then see."""

import re
from collections.abc import Sequence
from uuid import UUID

import pyotp
from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import Served
from tests.cast import CHAPTER, COURSE, PASSWORD
from training.courses.questions import Kind, Question
from training.quizzes.rules import key_of


def tab_to(page: Page, selector: str) -> Locator:
    """Press the tabulator until something has the focus: whoever has no mouse must get there."""
    for _press in range(120):
        if page.evaluate("(selector) => Boolean(document.activeElement?.matches(selector))", selector):
            return page.locator(":focus")
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector} on {page.url}")


def type_into(page: Page, name: str, words: str) -> None:
    tab_to(page, f"[name={name}]")
    page.keyboard.insert_text(words)


def questions(served: Served) -> dict[str, Question]:
    quiz = served.library.courses[COURSE].by_slug[CHAPTER].quiz
    return {question.id: question for question in quiz.questions} if quiz else {}


def missed(question: Question) -> Sequence[str]:
    """Return a complete answer that is not right."""
    key = list(key_of(question))
    if question.kind is Kind.ORDER:
        return key[::-1]
    if question.kind is Kind.MATCH:
        lefts = [pair.partition("=")[0] for pair in key]
        rights = [pair.partition("=")[2] for pair in key]
        return [f"{left}={right}" for left, right in zip(lefts, [*rights[1:], rights[0]], strict=True)]
    return [next(option.id for option in question.options if not option.right)]


def give(card: Locator, response: Sequence[str], saved: re.Pattern[str]) -> None:
    """Answer a question, and wait until it is said that the answer is stored."""
    fill_in(card, response)
    expect(card.locator("[data-save]")).to_have_text(saved)


def fill_in(card: Locator, response: Sequence[str]) -> None:
    """Choose what answers a question of any kind."""
    fields = card.locator("[name=option]")
    if card.get_attribute("data-kind") in {"one", "several"}:
        for value in response:
            card.locator(f"[name=option][value='{value}']").check(force=True)
    else:
        for place in range(fields.count()):
            choices = fields.nth(place).locator("option")
            values = [str(choices.nth(number).get_attribute("value")) for number in range(choices.count())]
            by_place = card.get_attribute("data-kind") == "order"
            wanted = response[place] if by_place else next(one for one in response if one in values)
            fields.nth(place).select_option(wanted)


def answers_shown(page: Page) -> list[str]:
    """Everything that is chosen on a quiz page, question by question, in the order of the page."""
    script = """() => [...document.querySelectorAll('[data-question]')].flatMap((card) => [
      card.id, ...[...card.querySelectorAll('[name=option]')].map((field) => field.type === 'select-one'
        ? field.value : `${field.value}:${field.checked}`)])"""
    return list(page.evaluate(script))


def in_view(page: Page, selector: str) -> bool:
    script = "(node) => { const {top, bottom} = node.getBoundingClientRect(); return bottom > 0 && top < innerHeight; }"
    return bool(page.locator(selector).evaluate(script))


def switch_language(page: Page, language: str) -> None:
    page.locator(".tongues summary").click()
    page.locator(f".tongues a[hreflang={language}]").click()
    page.wait_for_url(re.compile(f"/{language}/"))


def open_second_step(page: Page) -> None:
    """Switch on the second step of signing in, which trainers and administrators need."""
    secret = page.locator("code.secret").inner_text()
    type_into(page, "code", pyotp.TOTP(re.sub(r"\s", "", secret)).now())
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(re.compile("Wiederherstellungscodes|codes de secours"))


def sign_in_by_keyboard(page: Page, served: Served, person: UUID, language: str) -> None:
    page.goto(f"/{language}/sign-in")
    type_into(page, "email", served.people[person])
    type_into(page, "password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-sign-out]", state="attached")
