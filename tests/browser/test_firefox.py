"""The other engine: a learner's way through Firefox, driven by a tool of its own."""

import json
import re
import shutil
import subprocess

import pytest

from tests.browser.serving import PATH, Served
from tests.cast import PASSWORD
from training.settings import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_learner_reads_answers_changes_language_and_watches_in_firefox(served: Served) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    given = {
        "browser": firefox,
        "address": served.address,
        "chapter": PATH,
        "email": served.people[ada],
        "password": PASSWORD,
    }
    done = subprocess.run(
        ["node", "firefox.js"],
        cwd=ROOT / "tests" / "node",
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["faults"] == []
    assert seen["heading"].startswith("Comprendre")
    assert re.search(r"\d\d:\d\d", seen["saved"])
    assert seen["kept"] is True
    assert seen["captions"] == "fr"
    assert [(row.question, row.response, row.language) for row in served.answers_of(ada)] == [
        (seen["question"], [seen["option"]], "fr")
    ]
    served.wait_for(lambda: served.watched_by(ada) is not None and served.watched_by(ada).covered > 0)  # type: ignore[union-attr]
