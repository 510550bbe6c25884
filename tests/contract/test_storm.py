"""Acknowledged means kept: the server is killed again and again while people answer (longer: `make chaos`)."""

from pathlib import Path

import pytest

from tests.chaos.storm import rage
from tests.engines import Engine
from tests.sealing import seal_files
from training.courses.library import Library
from training.db import Database

SECRET = "storm-0123456789-abcdefghijklmnopqrstuvwxyz"
KILLS = {"sqlite": 20, "postgresql": 4}


@pytest.mark.slow
def test_every_acknowledged_answer_is_there_after_every_kill(
    engine: Engine, database: Database, library: Library, tmp_path: Path
) -> None:
    environment = {
        "TRAINING_SECRET_KEY": SECRET,
        **seal_files(),
        "TRAINING_DATA_DIR": str(tmp_path),
        "TRAINING_MAIL_URL": f"file://{tmp_path / 'outbox'}",
        "TRAINING_DATABASE_URL": database.url.render_as_string(hide_password=False),
    }
    kills = KILLS[engine.name]
    found = rage(database, library, tmp_path, environment, changes=200, seed=3, kills=kills, pause=(0.2, 1.2))
    assert found.kills >= kills
    assert found.receipts >= 200
    assert (found.lost, found.doubled) == (0, 0)
