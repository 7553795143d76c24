"""The installation's settings: ``TRACKER_…`` variables of the environment or of ``.env`` where it is started.

Unknown ``TRACKER_`` names are ignored, an empty value counts as not given, the environment wins over
``.env``. Build them with ``load()``: it answers a bad value with a sentence that names the variable and
shows no secret.
"""

import os
import secrets
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, quote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from tracker.errors import NotUnderstoodError, TrackerError

PREFIX = "TRACKER_"

_EXPECTED = {
    "data_dir": "write the path of a directory, for example /var/lib/measure-tracker",
    "database_url": "write sqlite:////path/to/file or postgresql://user:password@host/name",
    "redis_url": "write redis://host:port/0 or leave it out for the embedded server",
    "base_url": "write the address people open, for example https://tracker.example.go.th",
    "secret_key": "write at least 16 random characters or leave it out to have one made",
    "timezone": "write a time zone's name, for example Asia/Bangkok",
    "smtp_url": "write smtp://user:password@host:port or smtps://user:password@host:port",
    "smtp_password_without_tls": "write true or false",
    "mail_from": "write an e-mail address, for example saraban@example.go.th",
    "operator_email": "write an e-mail address, for example operator@example.go.th",
    "line_api_base": "write an address, for example https://api.line.me",
    "line_data_api_base": "write an address, for example https://api-data.line.me",
    "sweep_interval": "write a number of seconds from 10 to 86400",
    "sweep_alarm_after": "write a number of seconds from 60 to 604800",
    "lease_seconds": "write a number of seconds from 5 to 3600",
    "retry_first_seconds": "write a number of seconds from 1 to 300",
    "upload_limit_mb": "write a number of megabytes from 1 to 1024",
    "backup_dir": "write the path of a folder, on another disk than the data",
    "backup_keep": "write a number of backups from 1 to 3650",
    "backup_key_file": "write the path of a file of 32 random bytes or more",
    "delivery_lanes": "write a number from 1 to 20",
    "keep_messages_days": "write a number of days from 500 to 36500",
    "disk_low_mb": "write a number of megabytes from 0 to 1048576",
    "second_factor_required": "write true or false",
    "second_factor_grace_days": "write a number of days from 0 to 365",
    "oidc_issuer": "write the provider's address, https://…, exactly as it calls itself; TRACKER_OIDC_CLIENT_ID too",
    "oidc_label": "write the few words that stand on the button",
    "log_format": "write text or json",
    "metrics_token": "write at least 16 random characters or leave it out",
    "trusted_proxies": "write how many reverse proxies stand before the web server, from 0 to 10",
}


def _default_data_dir() -> Path:
    base = os.environ.get("XDG_DATA_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".local" / "share") / "measure-tracker"


def _default_database_url(fields: dict[str, Any]) -> str:
    return f"sqlite:///{quote(str(fields['data_dir'] / 'tracker.sqlite3'), safe='/ ')}"


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _split(url: str, schemes: tuple[str, ...]) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in schemes:
        raise ValueError("unknown scheme")
    _ = parts.port
    return parts


def _database(url: str) -> str:
    url = "postgresql" + url.removeprefix("postgres") if url.startswith("postgres:") else url
    scheme = url.partition("://")[0]
    if "://" not in url or scheme.partition("+")[0] not in ("sqlite", "postgresql"):
        raise ValueError("unknown database")
    before, mark, path = url.partition(":///")
    if scheme.startswith("sqlite") and path and not path.startswith(("/", ":memory:", "file:")):
        return f"{before}{mark}{quote(str(Path.cwd()), safe='/ ')}/{path}"
    return url


def _redis(url: str) -> str:
    if not (_split(url, ("redis", "rediss", "unix")).netloc or url.startswith("unix:")):
        raise ValueError("no host")
    return url


def _web(url: str) -> str:
    if not _split(url, ("http", "https")).hostname:
        raise ValueError("no host")
    return url.rstrip("/")


def _issuer(url: str) -> str:
    parts = _split(url, ("http", "https"))
    if not parts.hostname or (parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1")):
        raise ValueError("not https")
    if parts.query or parts.fragment:
        raise ValueError("not an issuer")
    return url.rstrip("/")


def _smtp(url: SecretStr) -> SecretStr:
    if not _split(url.get_secret_value(), ("smtp", "smtps")).hostname:
        raise ValueError("no host")
    return url


def _address(text: str) -> str:
    name, _, host = parseaddr(text)[1].rpartition("@")
    if not name or not host or any(mark.isspace() and mark != " " for mark in text):
        raise ValueError("no address")
    return text


def _zone_name(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, KeyError) as error:  # a directory's name, or a zone nobody knows
        raise ValueError("unknown time zone") from error
    return name


def _long_enough(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value()) < 16:
        raise ValueError("too short")
    return key


Web = Annotated[str, AfterValidator(_web)]
Address = Annotated[str, AfterValidator(_address)]


class Settings(BaseSettings):
    """What an installation is told from outside (docs/rules.md, "Settings"); made by ``load()``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    data_dir: Annotated[Path, AfterValidator(_absolute)] = Field(default_factory=_default_data_dir)
    database_url: Annotated[str, AfterValidator(_database)] = Field(default_factory=_default_database_url, repr=False)
    redis_url: Annotated[str, AfterValidator(_redis)] | None = Field(default=None, repr=False)
    """None: the embedded server."""
    base_url: Web = "http://127.0.0.1:8000"
    """Without a slash at its end."""
    secret_key: Annotated[SecretStr, AfterValidator(_long_enough)] | None = None
    """None: ``secret_key(settings)`` keeps one in ``data_dir``."""
    timezone: Annotated[str, AfterValidator(_zone_name)] = "Asia/Bangkok"
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp)] | None = None
    """None: messages land in the mailbox page."""
    smtp_password_without_tls: bool = False
    """The password may go to a mail server without TLS that is not on this machine."""
    mail_from: Address = "tracker@localhost"
    operator_email: Address | None = None
    """Who hears of a sweep that stopped."""
    line_channel_access_token: SecretStr | None = None
    line_channel_secret: SecretStr | None = None
    line_api_base: Web = "https://api.line.me"
    line_data_api_base: Web = "https://api-data.line.me"
    """Where photos that people sent are fetched from."""
    oidc_issuer: Annotated[str, AfterValidator(_issuer)] | None = None
    """An OpenID Connect provider at which people may sign in, as it calls itself, without a slash at its end."""
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    """None: a public client, which PKCE alone protects."""
    oidc_label: str = Field(default="OpenID Connect", min_length=1, max_length=60)
    """What the button says after "sign in with"."""
    sweep_interval: int = Field(default=300, ge=10, le=86_400)
    """Seconds between two sweeps; under ten minutes keeps the first retry's promise."""
    sweep_alarm_after: int = Field(default=3_600, ge=60, le=604_800)
    """Seconds without a finished sweep after which the operator is told."""
    lease_seconds: int = Field(default=300, ge=5, le=3_600)
    """For how long whoever claims deliveries holds them; a killed worker's are made again after it."""
    delivery_lanes: int = Field(default=4, ge=1, le=20)
    """Messages that a worker process hands over beside each other, each through a connection of its own."""
    retry_first_seconds: int = Field(default=240, ge=1, le=300)
    """Before a failed delivery's second attempt; later waits double."""
    upload_limit_mb: int = Field(default=25, ge=1, le=1_024)
    backup_dir: Annotated[Path, AfterValidator(_absolute)] | None = None
    """Where a worker leaves a backup every night; None: nowhere."""
    backup_keep: int = Field(default=14, ge=1, le=3_650)
    """The newest so many stay."""
    backup_key_file: Annotated[Path, AfterValidator(_absolute)] | None = None
    """With it, nightly backups are sealed."""
    keep_messages_days: int = Field(default=730, ge=500, le=36_500)
    """Sent messages and reminders older than this go; the shortest is longer than a plan is reminded of."""
    disk_low_mb: int = Field(default=2_048, ge=0, le=1_048_576)
    """Free megabytes below which the operator is told; under a fifth of them no file is taken."""
    log_format: Literal["text", "json"] = "text"
    """The form of the lines that web and workers log: for people, or for a machine that gathers them."""
    metrics_token: Annotated[SecretStr, AfterValidator(_long_enough)] | None = None
    """What Prometheus shows to read ``/metrics``; None: nobody reads it."""
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    """How many X-Forwarded-… entries the web server believes."""
    second_factor_required: bool = True
    """Every coordinator and operator signs in with a second factor."""
    second_factor_grace_days: int = Field(default=14, ge=0, le=365)
    """For how long a new account may go without it."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of days, deadlines and working hours."""
        return ZoneInfo(self.timezone)

    @property
    def lease(self) -> timedelta:
        """How long a claim holds."""
        return timedelta(seconds=self.lease_seconds)

    @property
    def first_wait(self) -> timedelta:
        """Before the second attempt."""
        return timedelta(seconds=self.retry_first_seconds)

    @property
    def oidc_configured(self) -> bool:
        """Whether people may sign in at a provider: both its address and the client's id are given."""
        return self.oidc_issuer is not None and self.oidc_client_id is not None

    @property
    def factor_grace(self) -> timedelta:
        """For how long a new account may go without a second factor that it needs."""
        return timedelta(days=self.second_factor_grace_days)

    @property
    def line_configured(self) -> bool:
        """Whether messages can go out and webhooks be checked: both the token and the secret are given."""
        return self.line_channel_access_token is not None and self.line_channel_secret is not None


def load() -> Settings:
    """The settings as they stand now; NotUnderstoodError names the first variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        field = str(error.errors(include_input=False, include_context=False)[0]["loc"][0])
        expected = _EXPECTED.get(field, "write another value")
        raise NotUnderstoodError(
            f"The setting {PREFIX}{field.upper()} (environment or .env) was not understood: {expected}."
        ) from None
    except UnicodeDecodeError:
        raise NotUnderstoodError("The file .env is not UTF-8 text: save it as UTF-8.") from None
    except OSError as error:
        raise NotUnderstoodError(f"The file .env could not be read ({error.strerror}): fix its permissions.") from None


def settings_in_file() -> dict[str, str]:
    """The settings of the current folder's ``.env``, for a process that will stand in another one."""
    found = DotEnvSettingsSource(Settings).env_vars
    return {name.upper(): value for name, value in found.items() if value and name.upper().startswith(PREFIX)}


def secret_key(settings: Settings) -> str:
    """The key that signs sessions and links: the setting, or one made once and kept in ``data_dir``.

    Processes that start together get the same key: it is written aside and linked into place, and the first
    link stands.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret-key"
    try:
        if not path.exists():
            _create_secret_key(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise TrackerError(f"The secret key {path} could not be kept or read: {error}.") from error
    if len(key) < 16:
        raise TrackerError(
            f"The secret key {path} is damaged: delete the file and start again; everyone signs in anew."
        )
    return key


def _create_secret_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        return
    finally:
        aside.unlink()
