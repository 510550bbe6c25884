"""Static files under names that never change."""

import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest
from flask import Flask

from training.web import assets


def test_a_file_that_is_not_there_is_a_mistake_of_the_template_and_not_of_the_reader() -> None:
    with pytest.raises(FileNotFoundError):
        assets.address("css/no-such.css")


def test_every_file_is_published_under_the_digest_of_all_of_them(tmp_path: Path) -> None:
    folder = assets.publish(tmp_path)
    assert folder.name == assets.digest()
    assert assets.address("css/site.css") == f"/static/{assets.digest()}/css/site.css"
    css = (folder / "css" / "site.css").read_bytes()
    assert brotli.decompress((folder / "css" / "site.css.br").read_bytes()) == css
    assert gzip.decompress((folder / "css" / "site.css.gz").read_bytes()) == css


def test_processes_that_start_at_once_publish_one_whole_folder(tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        folders = set(pool.map(lambda _number: assets.publish(tmp_path), range(6)))
    assert len(folders) == 1
    assert os.listdir(tmp_path / "static") == [assets.digest()]  # noqa: PTH208


def test_a_published_file_is_kept_for_ever_and_served_compressed(app: Flask) -> None:
    client = app.test_client()
    answer = client.get(assets.address("css/site.css"), headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Cache-Control"].endswith("public, immutable")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == "text/css"
    answer.close()
    assert client.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/static/css/site.css", "/static/000000000000/css/site.css", "/static/../app.py"])
def test_nothing_else_is_served_as_a_file(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 404
