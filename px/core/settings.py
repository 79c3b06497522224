"""Settings: from the environment (PX_...), then .env, then the settings page, then the default.

Every field is described in docs/configuration.md. `load` says where each value came from.
"""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from sqlmodel import Session, select

from db.models.system import Setting
from px.core import clock
from px.core import secrets as at_rest
from px.core.bulk import upsert
from px.core.errors import InvalidInput

PREFIX = "PX_"
SECRETS = {"smtp_password", "secret_key"}
# These decide where the settings page itself is stored and who may see it: only the host sets them.
HOST_ONLY = {"database_url", "data_dir", "secret_key", "time_travel"}


class Settings(BaseModel):
    """Every setting, valid together."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database_url: str = ""
    data_dir: Path = Path("data")
    secret_key: str = Field(default="", repr=False)
    base_url: str = "http://localhost:8501"
    mode: Literal["sandbox", "live"] = "sandbox"
    time_travel: bool = False

    shop_name: str = "My shop"
    shop_zone: str = "UTC"
    shop_country: str = ""
    shop_url: str = ""
    shop_currency: str = ""
    quiet_from: str = "21:00"
    quiet_to: str = "08:00"
    cap_messages: int = Field(default=3, ge=0, le=1000)
    cap_days: int = Field(default=7, ge=1, le=365)
    historic_days: int = Field(default=30, ge=0, le=36500)

    mail_from: str = ""
    mail_reply_to: str = ""
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: str = Field(default="", repr=False)
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    send_connections: int = Field(default=4, ge=1, le=64)
    send_per_second: float = Field(default=0, ge=0, le=100000)
    track_links: bool = True
    price_email: float = Field(default=0, ge=0, le=1000)
    price_sms: float = Field(default=0, ge=0, le=1000)
    price_whatsapp: float = Field(default=0, ge=0, le=1000)

    brand_colour: str = "#0f766e"
    brand_logo_url: str = ""
    brand_address: str = ""
    brand_footer: str = ""

    @field_validator("shop_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in _zone_names():
            raise ValueError(
                f"'{zone}' is not a time zone; use a name such as Europe/Berlin or America/New_York"
            )
        return zone

    @field_validator("quiet_from", "quiet_to")
    @classmethod
    def _time_of_day(cls, text: str) -> str:
        if text and not _is_time(text):
            raise ValueError(
                f"'{text}' is not a time of day; write it as 21:00, "
                "or leave both empty for no quiet hours"
            )
        return text

    @field_validator("brand_colour")
    @classmethod
    def _colour(cls, text: str) -> str:
        if (
            len(text) != 7
            or text[0] != "#"
            or any(c not in "0123456789abcdefABCDEF" for c in text[1:])
        ):
            raise ValueError(f"'{text}' is not a colour; write it as #0f766e")
        return text

    @field_validator(
        "mail_from", "mail_reply_to", "shop_name", "brand_address", "brand_logo_url", "smtp_host"
    )
    @classmethod
    def _no_control_characters(cls, text: str) -> str:
        if any((ord(c) < 32 and c != "\n") or c in "\x85\u2028\u2029" for c in text):
            raise ValueError("contains a control character")
        return text

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, text: str) -> str:
        if not text.startswith(("http://", "https://")) or any(c in text for c in " \n\r\"'<>"):
            raise ValueError(f"'{text}' is not a web address; write it as https://px.example.com")
        return text.rstrip("/")

    @field_validator("shop_url")
    @classmethod
    def _shop_url(cls, text: str) -> str:
        return cls._base_url(text) if text else ""

    @field_validator("shop_currency")
    @classmethod
    def _currency(cls, text: str) -> str:
        if text and not (len(text) == 3 and text.isascii() and text.isalpha()):
            raise ValueError(f"'{text}' is not a currency; write its three letters, such as EUR")
        return text.upper()

    @model_validator(mode="after")
    def _quiet_hours_leave_time(self) -> "Settings":
        if bool(self.quiet_from) != bool(self.quiet_to):
            raise ValueError("quiet hours need both a beginning and an end, or neither")
        if self.quiet_from and self.quiet_from == self.quiet_to:
            raise ValueError(
                "quiet hours begin and end at the same time; leave both empty to have none"
            )
        return self

    @property
    def key(self) -> bytes:
        """What links are signed and secrets encrypted with."""
        return self.secret_key.encode()

    @property
    def database_address(self) -> str:
        """Where the database is: PX_DATABASE_URL, else px.db in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'px.db'}"

    @property
    def quiet_hours(self) -> tuple[time, time] | None:
        """From and to, in the customer's local time; None when there are none."""
        if not self.quiet_from:
            return None
        return time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_to)


class Loaded(BaseModel):
    """Settings and, per field, where the value came from: environment, .env, settings page or
    default.
    """

    model_config = ConfigDict(frozen=True)
    values: Settings
    sources: dict[str, str]


def host_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """What the environment and .env say, before any database is open; makes the secret key when
    there is none.
    """
    values, _ = _from_host(environ)
    settings = _validated(values)
    return (
        settings
        if settings.secret_key
        else settings.model_copy(update={"secret_key": _kept_key(settings.data_dir)})
    )


def load_host(environ: Mapping[str, str] | None = None) -> Loaded:
    """What the host has set, before any database is open, and where each value came from."""
    sources = dict.fromkeys(Settings.model_fields, "default") | _from_host(environ)[1]
    return Loaded(values=host_settings(environ), sources=sources)


def load(session: Session, environ: Mapping[str, str] | None = None) -> Loaded:
    """The settings in force now and where each came from."""
    host = host_settings(environ)
    from_host, sources = _from_host(environ)
    stored = {
        row.key: row for row in session.scalars(select(Setting)) if row.key in Settings.model_fields
    }
    values: dict[str, Any] = {
        name: _stored_value(row, host.key) for name, row in stored.items() if name not in from_host
    }
    sources = (
        dict.fromkeys(Settings.model_fields, "default")
        | dict.fromkeys(values, "settings page")
        | sources
    )
    settings = _validated(values | from_host | {"secret_key": host.secret_key})
    return Loaded(values=settings, sources=sources)


def current(session: Session) -> Settings:
    """The settings in force now."""
    return load(session).values


def save(session: Session, changes: Mapping[str, Any], *, by: str, now: datetime) -> Settings:
    """The settings page's values are these from now on, as far as the host has not set them.
    InvalidInput names the field.
    """
    refused = HOST_ONLY & changes.keys()
    if refused:
        raise InvalidInput(
            f"{', '.join(sorted(refused))}: set by whoever hosts this, in the environment."
        )
    loaded = load(session)
    settings = _validated(loaded.values.model_dump() | dict(changes))
    rows = [
        {
            "key": name,
            "value": at_rest.encrypt(value, key=settings.key)
            if name in SECRETS and value
            else value,
            "is_secret": name in SECRETS,
            "updated_at": now,
            "updated_by": by,
        }
        for name, value in settings.model_dump(mode="json", include=set(changes)).items()
    ]
    upsert(session, Setting, rows, ["key"], ["value", "is_secret", "updated_at", "updated_by"])
    return settings


def _from_host(environ: Mapping[str, str] | None) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    if environ is None:
        _take(
            values,
            sources,
            {k: v for k, v in dotenv_values(".env").items() if v is not None},
            ".env",
        )
    _take(values, sources, os.environ if environ is None else environ, "environment")
    return values, sources


def _take(
    values: dict[str, Any], sources: dict[str, str], given: Mapping[str, str], source: str
) -> None:
    for name in Settings.model_fields:
        if (text := given.get(PREFIX + name.upper())) not in (None, ""):
            values[name] = text
            sources[name] = source


def _stored_value(row: Setting, key: bytes) -> Any:
    return at_rest.decrypt(row.value, key=key) if row.is_secret and row.value else row.value


def _validated(values: Mapping[str, Any]) -> Settings:
    try:
        return Settings.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        problem = first["msg"].removeprefix("Value error, ")
        raise InvalidInput(
            f"{PREFIX + name.upper() if first['loc'] else 'Settings'}: {problem}."
        ) from error


def _kept_key(folder: Path) -> str:
    path = folder / "secret.key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_key(path)
        for _ in range(25):
            if key := path.read_text().strip():
                return key
            # Another process has made the file a moment ago and is about to write to it.
            clock.sleep(0.02)
    except OSError as error:
        raise InvalidInput(f"PX_DATA_DIR: cannot write to {folder}: {error.strerror}.") from error
    raise InvalidInput(
        f"{path} holds no key. Put back the one you kept; if there is none, remove the file "
        "and px makes a new key."
    )


def _make_key(path: Path) -> None:
    with (
        suppress(FileExistsError),
        open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file,
    ):
        file.write(secrets.token_urlsafe(48))


def _is_time(text: str) -> bool:
    try:
        return time.fromisoformat(text).tzinfo is None and len(text) == 5
    except ValueError:
        return False


@cache
def _zone_names() -> set[str]:
    """Every time zone; listing them walks a folder of 600 files."""
    return available_timezones()
