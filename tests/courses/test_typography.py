"""Each language is set as its printers set it, and a lapse is named with its place."""

from pathlib import Path

import pytest
import yaml

from tests.courses.spelling import texts_of
from training.courses.typography import lapses, line_lapses
from training.languages import Language
from training.settings import ROOT

EN, FR, ES, IT, DE = Language.EN, Language.FR, Language.ES, Language.IT, Language.DE

GOOD = [
    (EN, "‘It’s the boys’ club,’ she said. ‘He called it “home”.’ About 96% of 2,800; 2018–2022."),
    (FR, "« Qui l’a dit\u202f? » : non".replace("« ", "«\u202f").replace(" »", "\u202f»").replace(" :", "\u202f:")),
    (FR, "À 16:10, 96\u202f% des 2\u202f800 personnes, voir https://example.org/a?b."),
    (ES, "¿Quién lo dijo? «¡Yo!», y añadió: «Él dijo “no”». El 96\u202f% en 2018-2022."),
    (IT, "Perché c’è un po’ di paura? «È l’età», dice. Il 96% di 2.800; né caffè né cioè."),
    (DE, "„Wer hat ‚nein‘ gesagt?“ – z. B. 96\u202f% der Lehrkräfte; Schülerinnen und Schüler."),
]
BAD = [
    (EN, "She said 'no' twice", "straight apostrophe"),
    (EN, 'She said "no"', "straight quotation"),
    (EN, "She said “no” twice.", "outside"),
    (EN, "She said „no“ twice.", "another language"),
    (EN, "‘She said no", "closes"),
    (EN, "About 96 % of them", "before %"),
    (EN, "Wait...", "ellipsis"),
    (EN, "One  two", "two spaces"),
    (EN, "One , two", "before a comma"),
    (EN, "One - two", "hyphen"),
    (FR, "Qui l’a dit ?", "narrow"),
    (FR, "Qui l’a dit?", "narrow"),
    (FR, "Ceci\xa0: cela", "narrow"),
    (FR, "« non\u202f»", "after «"),
    (FR, "Il dit “non”.", "outside"),
    (FR, "Les habitant·es", "dot"),
    (FR, "96 % des gens", "%"),
    (FR, "2 800 personnes", "thousands"),
    (ES, "Quién lo dijo?", "¿"),
    (ES, "Hola!", "¡"),
    (ES, "Dijo “no”.", "outside"),
    (ES, "¿ Quién?", "inside the marks"),
    (ES, "de 2018–2022", "hyphen"),
    (IT, "Perchè no", "è for é"),
    (IT, "E’ vero", "apostrophe"),
    (IT, "Un pò di tempo", "apostrophe"),
    (IT, "La citta vecchia", "accent"),
    (IT, "L’ età", "space after"),
    (IT, "Dice «no", "«"),
    (DE, "Er sagt “nein”.", "another language"),
    (DE, "Er sagt „nein”.", "another language"),
    (DE, "Die Lehrer*innen", "star"),
    (DE, "96% der Leute", "%"),
    (DE, "z.B. hier", "abbreviation"),
]


@pytest.mark.parametrize(("language", "text"), GOOD)
def test_what_is_set_well_is_let_through(language: Language, text: str) -> None:
    assert list(lapses(text, language)) == []


@pytest.mark.parametrize(("language", "text", "named"), BAD)
def test_each_lapse_is_named(language: Language, text: str, named: str) -> None:
    assert any(named in lapse for lapse in lapses(text, language)), list(lapses(text, language))


def test_a_lapse_in_a_text_is_found_at_its_paragraph_and_markup_is_none() -> None:
    markdown = "# section\n\n{#one}\n::: key\nA *good* [word](term:word). [@C1; @C3]\n:::\n\n\n{#two}\nA bad 'word'.\n"
    assert [(line, lapse.split(":")[0]) for line, lapse in line_lapses(markdown, EN)] == [(9, "a straight apostrophe")]


@pytest.mark.parametrize("sheet", sorted((ROOT / "courses/countries").glob("*.yaml")), ids=lambda sheet: sheet.stem)
def test_the_sheets_of_the_countries_are_set_well_too(sheet: Path) -> None:
    texts = list(texts_of(yaml.load(sheet.read_text("utf-8"), yaml.CSafeLoader)))
    assert texts
    assert [lapse for text in texts for language in Language for lapse in lapses(text[language.value], language)] == []
