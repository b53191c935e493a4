"""What mails and calendars say of a session and its times, in one reader's language, without what no person types."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from confmgr.scheduling.domain import SessionKind
from confmgr.values.texts import without_controls
from confmgr.values.times import wall_time
from confmgr.values.words import Words
from confmgr.web import formats, labels

TLP = "TLP:GREEN"
"""What leaves by mail is fit for every delegation of the meeting; cases stay behind the sign-in."""


def written(template: str, **values: Any) -> str:
    """A template of mails, without what pages have around them: who is signed in, and where one can go."""
    return current_app.jinja_env.get_template(template).render(values)


def words(stored: Any, language: str) -> str:
    """Words that somebody wrote, as facts keep them."""
    return without_controls(Words.from_json(stored).text(language))


def title_of(session: Mapping[str, Any], language: str) -> str:
    """A session's title for one reader: what organisers wrote, or a neutral line with the parties' codes."""
    if session["title"] is not None:
        return words(session["title"], language)
    return neutral_title(SessionKind(session["kind"]), session["parties"])


def neutral_title(kind: SessionKind, parties: Sequence[str]) -> str:
    """What a session without written words is called: its kind, and the codes of the parties that meet."""
    codes = "–".join(parties)
    if kind is SessionKind.BILATERAL:
        return _("Bilateral meeting %(parties)s", parties=codes)
    if kind is SessionKind.MULTILATERAL:
        return _("Multilateral meeting %(parties)s", parties=codes)
    return labels.of(kind)


def place_of(session: Mapping[str, Any], language: str) -> str:
    """Where a session is, with its building."""
    if session["place"] is None:
        return ""
    name = words(session["place"], language)
    return f"{name}, {without_controls(session['building'])}" if session["building"] else name


def title_shown(session: Mapping[str, Any]) -> Markup:
    """A session's title on a page, marked where it is not in the page's language."""
    if session["title"] is not None:
        return formats.words(Words.from_json(session["title"]))
    return Markup("<bdi>{}</bdi>").format(neutral_title(SessionKind(session["kind"]), session["parties"]))


def place_shown(session: Mapping[str, Any]) -> Markup:
    """Where a session is, on a page, marked where its name is not in the page's language."""
    if session["place"] is None:
        return Markup()
    name = formats.words(Words.from_json(session["place"]))
    return Markup("{}, {}").format(name, formats.upright(session["building"])) if session["building"] else name


def when_and_where(session: Mapping[str, Any], language: str) -> str:
    """`Thu 5 Feb 10:20–11:00, Table 3` by the clocks of the venue."""
    starts, ends = wall_times(session)
    text = f"{formats.day(starts.date())} {hours(starts, ends)}"
    place = place_of(session, language)
    return f"{text}, {place}" if place else text


def wall_times(session: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Start and end by the clocks of the venue."""
    return datetime.fromisoformat(session["starts_local"]), datetime.fromisoformat(session["ends_local"])


def instants(session: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Start and end as instants."""
    return datetime.fromisoformat(session["starts_at"]), datetime.fromisoformat(session["ends_at"])


def hours(starts: datetime, ends: datetime) -> str:
    """`10:20–11:00`."""
    return formats.isolated(f"{formats.clock(starts)}–{formats.clock(ends)}")


def zone_of(session: Mapping[str, Any]) -> str:
    """`Asia/Seoul, UTC+9` of the venue at the start of a session."""
    return _zone(session["zone"], instants(session)[0])


def own_time(session: Mapping[str, Any], zone: str) -> str:
    """`Thu 5 Feb 08:20–09:00 (Asia/Phnom_Penh, UTC+7)`; empty where it is the same."""
    starts_at, ends_at = instants(session)
    own = wall_time(starts_at, zone)
    if own == wall_times(session)[0]:
        return ""
    return f"{formats.day(own.date())} {hours(own, wall_time(ends_at, zone))} ({_zone(zone, starts_at)})"


def _zone(zone: str, at: datetime) -> str:
    return f"{zone}, {formats.offset(zone, at)}"
