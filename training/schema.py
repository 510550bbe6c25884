"""The schema of the database: every table, and the way from one version of it to the next."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, select
from sqlalchemy.orm import Session

from training.audit import models as audit_models
from training.certificates import models as certificate_models
from training.cohorts import models as cohort_models
from training.comparison import models as comparison_models
from training.contacts import models as contact_models
from training.db import Base, Database, Installation
from training.mail import models as mail_models
from training.people import models as people_models
from training.progress import models as progress_models
from training.quizzes import models as quiz_models
from training.watching import models as watching_models

TABLES = (
    audit_models,
    certificate_models,
    cohort_models,
    comparison_models,
    contact_models,
    mail_models,
    people_models,
    progress_models,
    quiz_models,
    watching_models,
)
MIGRATIONS = Path(__file__).parent / "migrations"


def metadata() -> MetaData:
    """Return the metadata with every table of the program in it."""
    return Base.metadata


def upgrade(database: Database, *, demo: bool, now: datetime, revision: str = "head") -> None:
    """Bring the schema to a revision and stamp a new database with the kind of installation that it is."""
    _run(database, lambda config: command.upgrade(config, revision))
    with database.transaction() as session:
        if session.scalar(select(Installation)) is None:
            session.add(Installation(id=1, demo=demo, made_at=now))


def upgrade_to(database: Database, revision: str) -> None:
    """Bring the schema to a revision, and nothing else."""
    _run(database, lambda config: command.upgrade(config, revision))


def revision_of(session: Session) -> str:
    """Return the revision of the schema that a session sees."""
    found = MigrationContext.configure(session.connection()).get_current_revision()
    return str(found)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to a revision."""
    _run(database, lambda config: command.downgrade(config, revision))


def differences(database: Database) -> list[object]:
    """Return how the database differs from the tables of the program; nothing when the migrations are complete."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "target_metadata": metadata(), "render_as_batch": True}
        )
        return list(compare_metadata(context, metadata()))


def is_current(database: Database) -> bool:
    """Whether the database has every migration."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        present = MigrationContext.configure(connection).get_current_revision()
    return present == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _run(database: Database, step: object) -> None:
    """Take a step in one transaction.

    SQLite changes a table by copying it and dropping the original. While that happens foreign keys are not watched
    (they cannot be switched within a transaction); before the end all of them are looked at.
    """
    config = _config()
    with database.writer() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        driver = connection.connection.driver_connection
        if is_sqlite and driver is not None:
            driver.execute("PRAGMA foreign_keys=off")
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                step(config)  # type: ignore[operator]
                if is_sqlite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                    raise LookupError(f"rows that lead nowhere: {lost[:5]}")
        finally:
            if is_sqlite and driver is not None:
                driver.execute("PRAGMA foreign_keys=on")
