"""Settings: defaults, what wins, refusals that show no secret, and the kept secret key; the clock."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy.engine import make_url

from tests.conftest import ROOT
from tracker import clock, settings
from tracker.errors import NotUnderstoodError, TrackerError


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith("TRACKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.chdir(tmp_path)


def test_defaults_need_nothing(tmp_path: Path) -> None:
    loaded = settings.load()
    assert loaded.data_dir == tmp_path / "share" / "measure-tracker"
    assert make_url(loaded.database_url).database == str(loaded.data_dir / "tracker.sqlite3")
    assert loaded.redis_url is None
    assert loaded.base_url == "http://127.0.0.1:8000"
    assert loaded.zone == ZoneInfo("Asia/Bangkok")
    assert loaded.line_api_base == "https://api.line.me"
    assert not loaded.line_configured
    assert not loaded.data_dir.exists()


def test_a_database_file_is_found_from_every_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DATABASE_URL", "sqlite:///here.sqlite3")
    assert settings.load().database_url == f"sqlite:///{tmp_path}/here.sqlite3"


def test_what_the_file_says_is_known_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("tracker_mail_from=plan@example.go.th\nOTHER=1\nTRACKER_SMTP_URL=\n")
    assert settings.settings_in_file() == {"TRACKER_MAIL_FROM": "plan@example.go.th"}


def test_database_lies_in_any_data_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    directory = tmp_path / "ข้อมูล ปี?๖๖#1%20"
    monkeypatch.setenv("TRACKER_DATA_DIR", str(directory))
    assert make_url(settings.load().database_url).database == str(directory / "tracker.sqlite3")


def test_data_dir_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", "here")
    assert settings.load().data_dir == tmp_path / "here"
    monkeypatch.setenv("TRACKER_DATA_DIR", "~/there")
    assert settings.load().data_dir == Path.home() / "there"


def test_dotenv_is_read_and_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "\ufeffTRACKER_BASE_URL=https://a.example/\nTRACKER_MAIL_FROM=งาน <a@b.example>\nTRACKER_SPEED=9\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("TRACKER_MAIL_FROM", "c@d.example")
    monkeypatch.setenv("TRACKER_SMTP_URL", "")
    monkeypatch.setenv("TRACKER_UNKNOWN", "ignored")
    loaded = settings.load()
    assert loaded.base_url == "https://a.example"
    assert loaded.mail_from == "c@d.example"
    assert loaded.smtp_url is None


def test_old_postgres_scheme_is_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", "postgres://me:hidden@db/tracker")
    assert settings.load().database_url == "postgresql://me:hidden@db/tracker"
    assert "hidden" not in repr(settings.load())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:hidden@h/d"),
        ("DATABASE_URL", "hidden"),
        ("REDIS_URL", "http://:hidden@h"),
        ("REDIS_URL", "redis://"),
        ("BASE_URL", "hidden.example.go.th"),
        ("TIMEZONE", "Asia/Hidden"),
        ("TIMEZONE", "/etc/hidden"),
        ("TIMEZONE", "Asia"),
        ("SMTP_URL", "smtp://u:hidden@"),
        ("SMTP_URL", "smtp://u:hidden@h:port"),
        ("SMTP_URL", "imap://u:hidden@h"),
        ("MAIL_FROM", "hidden"),
        ("MAIL_FROM", "a@b.example\nBcc: hidden@b.example"),
        ("SECRET_KEY", "hidden"),
        ("SWEEP_INTERVAL", "hidden"),
        ("SWEEP_INTERVAL", "0"),
        ("UPLOAD_LIMIT_MB", "-1"),
        ("DISK_LOW_MB", "plenty"),
    ],
)
def test_bad_value_is_one_sentence_that_names_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"TRACKER_{name}", value)
    with pytest.raises(NotUnderstoodError) as refusal:
        settings.load()
    sentence = refusal.value.sentence
    assert f"TRACKER_{name}" in sentence
    assert "hidden" not in sentence.lower()
    assert "\n" not in sentence


def test_dotenv_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("TRACKER_MAIL_FROM=งาน <a@b.example>".encode("cp874"))
    with pytest.raises(NotUnderstoodError, match="UTF-8"):
        settings.load()


def test_secret_key_is_made_once_and_private(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = settings.load()
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: settings.secret_key(loaded), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 32
    assert [path.name for path in loaded.data_dir.iterdir()] == ["secret-key"]
    assert stat.S_IMODE((loaded.data_dir / "secret-key").stat().st_mode) == 0o600
    monkeypatch.setenv("TRACKER_SECRET_KEY", "0123456789abcdef")
    assert settings.secret_key(settings.load()) == "0123456789abcdef"


def test_damaged_secret_key_is_said() -> None:
    loaded = settings.load()
    settings.secret_key(loaded)
    (loaded.data_dir / "secret-key").write_text("")
    with pytest.raises(TrackerError, match="damaged"):
        settings.secret_key(loaded)


def test_data_dir_that_is_a_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(TrackerError, match="secret-key"):
        settings.secret_key(settings.load())


def test_clock_is_utc_and_local_needs_a_zone() -> None:
    assert clock.now().tzinfo is UTC
    bangkok = ZoneInfo("Asia/Bangkok")
    assert clock.local(datetime(2023, 3, 31, 17, tzinfo=UTC), bangkok).isoformat() == "2023-04-01T00:00:00+07:00"
    with pytest.raises(ValueError, match="zone"):
        clock.local(datetime(2023, 3, 31, 17), bangkok)  # noqa: DTZ001
    with time_machine.travel(datetime(2023, 3, 31, 17, tzinfo=UTC)):
        assert clock.today(bangkok) == date(2023, 4, 1)


@pytest.mark.parametrize("page", [".env.example", "docs/operators.md"])
def test_every_setting_is_told(page: str) -> None:
    told = (ROOT / page).read_text(encoding="utf-8")
    assert [name for name in settings.Settings.model_fields if f"TRACKER_{name.upper()}" not in told] == []
