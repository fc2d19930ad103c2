"""The ways to customers: e-mail by SMTP, and the gateway of an SMS provider; how an owner sets them up."""

import os
import smtplib
import ssl
import tomllib
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Annotated, Protocol
from urllib.parse import urlsplit

import msgspec
import requests

_TIMEOUT_S = 20
_MOST_SMS = 480


class NoticeError(Exception):
    """Notices can't be sent as they are set up; the text says what to change."""


class Smtp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[smtp]`: the mail server. The password stands in an environment variable, never in the file."""

    host: str
    sender: Annotated[str, msgspec.Meta(description="The address that customers see.")]
    port: int = 587
    security: Annotated[str, msgspec.Meta(pattern="^(starttls|tls|none)$")] = "starttls"
    user: str = ""
    password_env: str = "TILLMATE_SMTP_PASSWORD"  # noqa: S105 - a variable's name


class Sms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[sms]`: a gateway that takes JSON {"to", "text", "id"} by POST; its token is in an environment variable."""

    url: str
    token_env: str = "TILLMATE_SMS_TOKEN"  # noqa: S105 - a variable's name


class Telling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of settings. `words` is a folder with files such as uk.toml that change some of the words."""

    smtp: Smtp | None = None
    sms: Sms | None = None
    words: str = ""


class Refused(Exception):
    """An address or a message that the other side will never take; trying again is no use."""


class Way(Protocol):
    """A way to customers. `unique` is the notice's own: the other side may tell a repetition by it."""

    def send(self, to: str, subject: str, text: str, unique: str) -> None:
        """Hand one message over. Raises OSError to be tried again, Refused when that is no use."""
        ...


def read_telling(path: Path) -> Telling:
    """Read the settings; raises NoticeError with what is wrong."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Telling)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise NoticeError(f"{path}: {fault}") from fault


def ways_of(telling: Telling) -> dict[str, Way]:
    """Return the ways that are set up, by channel."""
    ways: dict[str, Way] = {}
    if telling.smtp is not None:
        ways["email"] = Mail(telling.smtp)
    if telling.sms is not None:
        if urlsplit(telling.sms.url).scheme not in ("http", "https"):
            raise NoticeError("sms.url: write an address that begins with https://")
        ways["sms"] = Gateway(telling.sms)
    return ways


class Mail:
    """E-mail by SMTP; a connection a message, since a queue is short and servers hang up on idle ones."""

    def __init__(self, smtp: Smtp) -> None:
        self._smtp = smtp

    def send(self, to: str, subject: str, text: str, unique: str) -> None:
        """Send one e-mail; the same notice always has the same Message-ID."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._smtp.sender, to, subject
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = f"<{unique}@{self._smtp.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            self._hand_over(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as fault:
            if _for_good(fault):
                raise Refused(str(fault)) from fault
            raise
        except ValueError as fault:
            raise Refused(f"the address can't be written to: {fault}") from fault

    def _hand_over(self, message: EmailMessage) -> None:
        smtp, context = self._smtp, ssl.create_default_context()
        if smtp.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=_TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, timeout=_TIMEOUT_S)
        with server:
            if smtp.security == "starttls":
                server.starttls(context=context)
            if smtp.user:
                server.login(smtp.user, _secret(smtp.password_env))
            server.send_message(message)


def _for_good(fault: smtplib.SMTPException) -> bool:
    codes = (
        [code for code, _ in fault.recipients.values()]
        if isinstance(fault, smtplib.SMTPRecipientsRefused)
        else [fault.smtp_code]
        if isinstance(fault, smtplib.SMTPDataError)
        else []
    )
    return bool(codes) and all(code >= 500 for code in codes)


class Gateway:
    """Text messages by an SMS provider's address."""

    def __init__(self, sms: Sms) -> None:
        self._sms = sms

    def send(self, to: str, subject: str, text: str, unique: str) -> None:
        """Send one text message; the subject is not for it."""
        token = os.environ.get(self._sms.token_env)
        answer = requests.post(
            self._sms.url,
            json={"to": f"+{to}", "text": text[:_MOST_SMS], "id": unique},
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=_TIMEOUT_S,
            allow_redirects=False,
        )
        if 400 <= answer.status_code < 500 and answer.status_code not in (408, 429):
            raise Refused(f"the gateway answered {answer.status_code}")
        if answer.status_code >= 300:
            raise OSError(f"the gateway answered {answer.status_code}")


def _secret(variable: str) -> str:
    found = os.environ.get(variable)
    if not found:
        raise NoticeError(f"Put the mail server's password into the environment variable {variable}.")
    return found
