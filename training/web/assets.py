"""Static files under immutable names.

The whole folder is published under one digest (`/static/<digest>/…`), so that modules may import each other by
relative paths and a browser never asks again. Compressed copies are made once, when a digest is first served.
"""

import gzip
import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

import brotli

FOLDER = Path(__file__).parent / "static"
COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".html", ".txt"}


@cache
def digest() -> str:
    """Return what identifies the static files: the beginning of the SHA-256 over their names and bytes."""
    seal = hashlib.sha256()
    for file in _files():
        seal.update(file.relative_to(FOLDER).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return seal.hexdigest()[:12]


def publish(data_dir: Path) -> Path:
    """Return a folder that holds the static files and their compressed copies, made if it is not there yet.

    Several processes may start at once: each builds apart, and the first to rename wins.
    """
    target = data_dir / "static" / digest()
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=target.parent))
    for file in _files():
        copy = building / file.relative_to(FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
        if file.suffix in COMPRESSIBLE:
            raw = file.read_bytes()
            copy.with_name(copy.name + ".br").write_bytes(brotli.compress(raw))
            copy.with_name(copy.name + ".gz").write_bytes(gzip.compress(raw, mtime=0))
    building.chmod(0o755)
    try:
        building.rename(target)
    except OSError:
        shutil.rmtree(building)
    return target


@cache
def address(path: str) -> str:
    """Return the address of the static file `path`. Raises `FileNotFoundError` for a file that is not there."""
    if not (FOLDER / path).is_file():
        raise FileNotFoundError(path)
    return f"/static/{digest()}/{path}"


def addresses() -> dict[str, int]:
    """Return the address of every static file, with its bytes: what a browser keeps so that pages open offline."""
    kept = [file for file in _files() if file.suffix != ".txt"]
    return {address(file.relative_to(FOLDER).as_posix()): file.stat().st_size for file in kept}


def _files() -> list[Path]:
    return sorted(file for file in FOLDER.rglob("*") if file.is_file())
