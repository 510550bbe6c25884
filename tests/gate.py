"""The one gate that every change passes: `make test` runs it here and everywhere.

Lints, types, floors, dead code, dependencies, content, catalogues; then all tests. Ends with pytest's summary line.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

STEPS = (
    ("style", ["ruff", "check", "."]),
    ("form", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("floors and rooms", ["lint-imports"]),
    ("dependencies", ["deptry", "."]),
    ("dead code", ["vulture"]),
    ("content", ["training", "content", "check"]),
)


def main() -> int:
    """Run every step; return the first failure."""
    for name, command in STEPS:
        done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{name}: failed\n{done.stdout}{done.stderr}")
            return done.returncode
        print(f"{name}: good", flush=True)
    workers = os.environ.get("PYTEST_WORKERS", "2")
    # in the order of the folders: by the number of their tests, the few long ones would come last, and one worker wait
    return subprocess.run(
        [BIN / "pytest", "-q", "-n", workers, "--dist", "loadfile", "--no-loadscope-reorder", *sys.argv[1:]],
        cwd=ROOT,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
