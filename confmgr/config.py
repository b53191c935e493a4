"""Settings of one installation: its instance folder, and the CONFMGR_* environment."""

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
REPOSITORY = PACKAGE.parent


def _data(name: str) -> Path:
    beside = REPOSITORY / name
    return beside if beside.is_dir() and (REPOSITORY / "pyproject.toml").exists() else PACKAGE / f"_{name}"


TEMPLATES = _data("templates")
TRANSLATIONS = _data("translations")
STATIC = PACKAGE / "static"
DEFAULT_INSTANCE = REPOSITORY / "instance" if (REPOSITORY / "pyproject.toml").exists() else Path("instance")
"""Beside the code in a checkout; of an installed wheel, in the folder that it is started from."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations.

    `proxies` is how many servers in front pass requests on, each adding whom it heard (`X-Forwarded-For`); without it
    those headers are anybody's words. `mails_per_minute` is the most that one domain of recipients gets;
    `authserv_id` is the name under which the own mail server writes Authentication-Results (RFC 8601): without it no
    sender of a reply counts as proved.
    """

    instance: Path
    database_url: str
    base_url: str
    sample: bool = False
    proxies: int = 0
    smtp_url: str | None = None
    mail_from: str = "secretariat@confmgr.example"
    mails_per_minute: int = 60
    imap_url: str | None = None
    authserv_id: str | None = None
    secret_key: str = ""

    @property
    def mail_domain(self) -> str:
        """The right side of Message-IDs: the domain that sends."""
        return self.mail_from.rpartition("@")[2]

    @property
    def on_postgresql(self) -> bool:
        """Whether Procrastinate carries the jobs."""
        return self.database_url.startswith("postgresql")


def load() -> Settings:
    """Read the environment; make the instance folder and its secret key where they are missing.

    `CONFMGR_INSTANCE` (folder), `CONFMGR_DATABASE_URL`, `CONFMGR_BASE_URL`, `CONFMGR_PROXIES`, `CONFMGR_SMTP_URL`,
    `CONFMGR_MAIL_FROM`, `CONFMGR_MAILS_PER_MINUTE`, `CONFMGR_IMAP_URL` (`imaps://user:password@host/INBOX`),
    `CONFMGR_AUTHSERV_ID`, `CONFMGR_SAMPLE` (1: the sample operation, loopback and SQLite only).
    """
    instance = Path(os.environ.get("CONFMGR_INSTANCE") or DEFAULT_INSTANCE).resolve()
    instance.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("CONFMGR_DATABASE_URL") or f"sqlite:///{instance / 'confmgr.db'}"
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    return Settings(
        instance=instance,
        database_url=url,
        base_url=os.environ.get("CONFMGR_BASE_URL") or "http://127.0.0.1:8000",
        sample=os.environ.get("CONFMGR_SAMPLE") == "1",
        proxies=int(os.environ.get("CONFMGR_PROXIES") or 0),
        smtp_url=os.environ.get("CONFMGR_SMTP_URL") or None,
        mail_from=os.environ.get("CONFMGR_MAIL_FROM") or "secretariat@confmgr.example",
        mails_per_minute=int(os.environ.get("CONFMGR_MAILS_PER_MINUTE") or 60),
        imap_url=os.environ.get("CONFMGR_IMAP_URL") or None,
        authserv_id=os.environ.get("CONFMGR_AUTHSERV_ID") or None,
        secret_key=_secret(instance / "secret_key"),
    )


def _secret(path: Path) -> str:
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):  # the first process to come wins, the others read its key
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
