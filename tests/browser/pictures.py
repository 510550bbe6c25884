"""The pictures of the README, taken of a demonstration that is made for it: `make pictures`."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.serving import PATH, QUIZ, free_port
from training.demo_cast import PARTICIPANT, PASSWORD, TRAINER
from training.settings import ROOT

FOLDER = ROOT / "docs" / "pictures"
HEAVIEST = 150_000
COLOURS = (256, 128, 64)
"""As many as fit into the weight: the pages are drawn in few colours."""


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it. The width is part of the name."""

    name: str
    language: str
    who: str | None
    show: Callable[[Page], None]

    @property
    def width(self) -> int:
        return int(self.name.rpartition("-")[2])


def start(page: Page) -> None:
    page.goto("/fr/")


def chapter(page: Page) -> None:
    page.goto(f"/de/{PATH}#the-word")
    page.wait_for_timeout(500)


def quiz(page: Page) -> None:
    page.goto(f"/it/{QUIZ}")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_selector("[data-quiz]")
    card = page.locator("[data-kind=one]").first
    card.locator("[name=option]").first.check(force=True)
    page.wait_for_timeout(1000)
    card.evaluate("(node) => scrollTo(0, node.getBoundingClientRect().top + scrollY - 16)")


def group(page: Page) -> None:
    page.goto("/en/groups/")
    page.locator("main tbody a").first.click()


PICTURES = (
    Picture("start-fr-360", "fr", None, start),
    Picture("chapter-de-1440", "de", PARTICIPANT, chapter),
    Picture("quiz-it-360", "it", PARTICIPANT, quiz),
    Picture("group-en-1440", "en", TRAINER, group),
)


@contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """Serve fresh demonstration data, and give its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "TRAINING_DEMO": "1",
        "TRAINING_DATA_DIR": str(folder / "data"),
        "TRAINING_PUBLIC_URL": address,
    }
    command = [sys.executable, "-m", "training.cli", "serve", "--prepare", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    while not _answers(address):
        if server.poll() is not None:
            raise SystemExit("The demonstration does not start.")
        time.sleep(0.5)
    yield address
    server.terminate()
    server.wait(20)


def _answers(address: str) -> bool:
    with contextlib.suppress(OSError):
        return bool(urllib.request.urlopen(f"{address}/healthz", timeout=2).status == 200)
    return False


def take(browser: Browser, address: str, picture: Picture) -> bytes:
    """Return the picture as PNG: a telephone's at twice its pixels."""
    narrow = picture.width < 600
    context = browser.new_context(
        base_url=address,
        viewport={"width": picture.width, "height": 740 if narrow else 900},
        device_scale_factor=2 if narrow else 1,
        locale=picture.language,
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.who:
        page.goto(f"/{picture.language}/sign-in")
        page.fill("[name=email]", picture.who)
        page.fill("[name=password]", PASSWORD)
        page.click("main form button[type=submit]")
        page.wait_for_selector("[data-sign-out]", state="attached")
    picture.show(page)
    taken = page.screenshot()
    context.close()
    return taken


def light(taken: bytes) -> bytes:
    """Return a PNG of few colours, as many as its weight allows."""
    image = Image.open(io.BytesIO(taken)).convert("RGB")
    for colours in COLOURS:
        written = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
        if written.tell() <= HEAVIEST:
            break
    return written.getvalue()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for picture in PICTURES:
            file = FOLDER / f"{picture.name}.png"
            file.write_bytes(light(take(browser, address, picture)))
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main()
