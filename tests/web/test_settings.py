"""The settings of an installation: every fault is named, and all of them at once."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import SECRET, settings_for
from training.settings import DEMO_SECRET, Settings, SettingsFault, read_settings

GOOD = {"TRAINING_SECRET_KEY": SECRET, "TRAINING_DEMO": "1"}
"""A demonstration: everything else has a default."""


def read(**more: str) -> Settings:
    return read_settings(GOOD | {f"TRAINING_{name}": value for name, value in more.items()})


def faults(environment: Mapping[str, str]) -> list[str]:
    with pytest.raises(SettingsFault) as caught:
        read_settings(environment)
    return caught.value.faults


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 64),
        ("SECRET_KEY", "abcabcabc" * 10),
        ("DEMO", "perhaps"),
        ("FREE_REGISTRATION", "2"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", "1.5"),
        ("PUBLIC_URL", "training.example.org"),
        ("PUBLIC_URL", "ftp://training.example.org"),
        ("PUBLIC_URL", "https://example.org/training"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "http://["),
        ("DATABASE_URL", "mysql://somewhere/x"),
        ("DATABASE_URL", "a file"),
        ("DATABASE_URL", "postgresql://host:port/name"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
    ],
)
def test_a_wrong_value_is_named_with_its_variable(name: str, value: str) -> None:
    found = faults(GOOD | {f"TRAINING_{name}": value})
    assert len([fault for fault in found if fault.startswith(f"TRAINING_{name} ")]) == 1
    assert len(found) == 1 or name == "DEMO"


def test_a_wrong_secret_is_not_repeated_in_the_message() -> None:
    assert "hunter2" not in faults(GOOD | {"TRAINING_SECRET_KEY": "hunter2"})[0]


def test_a_password_in_a_wrong_database_address_is_not_repeated_in_the_message() -> None:
    for address in ("postgresql://me:hunter2@host:port/x", "mysql://me:hunter2@host/x"):
        assert "hunter2" not in faults(GOOD | {"TRAINING_DATABASE_URL": address})[0]


def test_a_misspelt_setting_is_named_since_it_would_silently_not_hold() -> None:
    found = faults(GOOD | {"TRAINING_SECRET": "x"})
    assert len(found) == 1
    assert found[0].startswith("TRAINING_SECRET ")


def test_all_faults_are_named_at_once() -> None:
    found = faults(
        {
            "TRAINING_DEMO": "1",
            "TRAINING_SECRET_KEY": "x",
            "TRAINING_PUBLIC_URL": "x",
            "TRAINING_DATABASE_URL": "x",
            "TRAINING_TRUSTED_PROXIES": "x",
            "TRAINING_NO_SUCH_THING": "x",
        }
    )
    assert len(found) == 5


def test_without_a_secret_only_a_demonstration_starts() -> None:
    assert read_settings({"TRAINING_DEMO": "1"}).demo
    assert any(fault.startswith("TRAINING_SECRET_KEY ") for fault in faults({}))
    assert any(fault.startswith("TRAINING_SECRET_KEY ") for fault in faults({"TRAINING_SECRET_KEY": DEMO_SECRET}))


@pytest.mark.parametrize(("value", "meant"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("no", False)])
def test_a_flag_is_said_in_several_ways(value: str, meant: bool) -> None:
    assert read(FREE_REGISTRATION=value).free_registration is meant


def test_what_is_left_out_has_a_default_that_works_on_one_machine() -> None:
    settings = read()
    assert settings.database_url.get_backend_name() == "sqlite"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.trusted_proxies == 0
    assert not settings.behind_tls


def test_an_empty_variable_counts_as_left_out() -> None:
    assert read(PUBLIC_URL="", DATABASE_URL=" ") == read()


def test_an_address_over_tls_marks_cookies_secure() -> None:
    assert read(PUBLIC_URL="https://training.example.org/").behind_tls
    assert read(PUBLIC_URL="https://training.example.org/").public_url == "https://training.example.org"


def test_postgresql_is_spoken_to_through_psycopg_3() -> None:
    assert read(DATABASE_URL="postgresql://me@host/x").database_url.drivername == "postgresql+psycopg"


def test_paths_are_absolute_wherever_the_program_was_started(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    assert settings.data_dir.is_absolute()
    assert read(DATA_DIR="var").data_dir.is_absolute()


def test_variables_of_other_programs_are_left_alone() -> None:
    assert read_settings(GOOD | {"PATH": "/bin", "OTHER_SECRET_KEY": "x"}).demo
