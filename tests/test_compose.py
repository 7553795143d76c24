"""The compose file's commands, tried without an engine: what each service runs is understood by what it runs."""

import json
import os
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.conftest import ROOT
from tracker.settings import Settings
from tracker.store.db import Database

FILE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OURS = {name: service for name, service in FILE["services"].items() if "build" in service}
BIN = Path(sys.executable).parent


def environment(data_dir: Path, **others: str) -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    return known | {"TRACKER_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT), **others}


def test_it_is_as_the_compose_specification_says() -> None:
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(FILE, json.loads(schema.read_text(encoding="utf-8")))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(
            FILE | {"services": {"web": {"comand": []}}}, json.loads(schema.read_text(encoding="utf-8"))
        )


@pytest.mark.parametrize("name", OURS)
def test_our_services_are_confined_and_their_logs_rotated(name: str) -> None:
    service = OURS[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "3"}
    assert "healthcheck" in service or name == "upgrade"


def test_the_web_servers_options_are_understood(tmp_path: Path) -> None:
    program, *options = FILE["services"]["web"]["command"]
    Database(Settings(_env_file=None, data_dir=tmp_path).database_url).dispose()
    command = [str(BIN / program), "--check-config", *options]
    done = subprocess.run(command, env=environment(tmp_path), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_databases_password_may_have_any_characters() -> None:
    """It is handed over beside the address, which names none; libpq takes it as it is."""
    given = OURS["web"]["environment"]
    assert given["TRACKER_DATABASE_URL"] == "postgresql://tracker@postgres/tracker"
    assert given["PGPASSWORD"].startswith("${POSTGRES_PASSWORD")
    taken = "[one.val for one in Conninfo.get_defaults() if one.envvar == b'PGPASSWORD']"
    asked, password = f"from psycopg.pq import Conninfo; print({taken})", "p@ss/w:rd#?%41"
    done = subprocess.run(
        [sys.executable, "-c", asked], env={**os.environ, "PGPASSWORD": password}, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == f"[{password.encode()!r}]"


def test_beats_sign_of_life_is_what_its_health_check_looks_for(tmp_path: Path) -> None:
    kind, check = FILE["services"]["beat"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    looked = check.replace("$$", "$").replace("/tmp", shlex.quote(str(tmp_path)))  # noqa: S108

    def alive() -> bool:
        return subprocess.run(["/bin/sh", "-c", looked], check=False).returncode == 0

    assert not alive()
    (tmp_path / "beat").touch()
    assert alive()
    os.utime(tmp_path / "beat", (0, 0))
    assert not alive()
