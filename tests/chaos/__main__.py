"""`make chaos`: ten thousand acknowledged answers in the storm, on each engine. The last line says what was lost."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.chaos.storm import rage
from tests.engines import PostgresEngine, SqliteEngine
from tests.sealing import seal_files
from training.courses.load import load_library
from training.settings import ROOT

SECRET = "chaos-0123456789-abcdefghijklmnopqrstuvwxyz"


def main() -> int:
    """Run the storm on both engines; 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="chaos")
    parser.add_argument("--changes", type=int, default=5_000, help="acknowledged answers on each engine")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    library = load_library(ROOT / "courses", ROOT / "videos_manifest.json")
    folder = Path(tempfile.mkdtemp(prefix="chaos", dir="/tmp"))
    folder.chmod(0o755)  # the server of PostgreSQL runs under its own user
    receipts = lost = doubled = 0
    postgres = PostgresEngine(_made(folder / "pg"))
    try:
        for engine in (SqliteEngine(_made(folder / "sqlite")), postgres):
            place = _made(folder / f"{engine.name}-run")
            with engine.fresh(place) as database:
                environment = {
                    "TRAINING_SECRET_KEY": SECRET,
                    **seal_files(),
                    "TRAINING_DATA_DIR": str(place),
                    "TRAINING_MAIL_URL": f"file://{place / 'outbox'}",
                    "TRAINING_DATABASE_URL": database.url.render_as_string(hide_password=False),
                }
                found = rage(database, library, place, environment, changes=arguments.changes, seed=arguments.seed)
            kept = f"{found.receipts} receipts, {found.kills} kills"
            print(f"{engine.name}: {kept}, {found.lost} lost, {found.doubled} doubled", flush=True)
            receipts, lost, doubled = receipts + found.receipts, lost + found.lost, doubled + found.doubled
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{lost} lost, {doubled} doubled of {receipts} acknowledged answers")
    return 1 if lost or doubled else 0


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
