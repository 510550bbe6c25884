"""What was made once is not made again: results under a name that says what they were made from.

The folder can be deleted at any time; the next build takes longer and gives the same films.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path


class Store:
    """Files by kind and by the ingredients that they were made from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, kind: str, ingredients: object, suffix: str, make: Callable[[Path], None]) -> Path:
        """Return the file that `make` writes from the ingredients (anything that JSON can say)."""
        return self.files(kind, ingredients, (suffix,), lambda targets: make(targets[0]))[0]

    def files(
        self, kind: str, ingredients: object, suffixes: Sequence[str], make: Callable[[Sequence[Path]], None]
    ) -> list[Path]:
        """Return the files that `make` writes together, one of each suffix."""
        targets = [self.place(kind, ingredients, suffix) for suffix in suffixes]
        if not all(target.exists() for target in targets):
            with tempfile.TemporaryDirectory(dir=self._kind(kind)) as room:
                fresh = [Path(room) / f"fresh{suffix}" for suffix in suffixes]
                make(fresh)
                for made, target in zip(fresh, targets, strict=True):
                    made.replace(target)
        return targets

    def place(self, kind: str, ingredients: object, suffix: str) -> Path:
        """Return where the result of these ingredients stands, or will stand."""
        said = json.dumps(ingredients, sort_keys=True, ensure_ascii=False)
        return self._kind(kind) / f"{hashlib.sha256(said.encode()).hexdigest()[:32]}{suffix}"

    def bench(self, name: str) -> Path:
        """Return an empty folder to work in."""
        folder = self.folder / "bench" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def _kind(self, kind: str) -> Path:
        folder = self.folder / kind
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def sum_of(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
