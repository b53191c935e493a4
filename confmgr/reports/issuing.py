"""Issuing a report: what it says, its number, what changed since the last one, and then its bytes."""

import base64
import hashlib
import hmac
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.config import Settings
from confmgr.errors import Refused
from confmgr.gateways.pdf import Press
from confmgr.meetings.models import Meeting
from confmgr.outcomes import services as outcomes
from confmgr.outcomes.domain import ReportKind
from confmgr.outcomes.models import IssuedReport
from confmgr.parties.models import Operation, Party
from confmgr.reports import queries, rendering, stating
from confmgr.reports.domain import Period
from confmgr.reports.queries import OutcomeReport, PartyReport
from confmgr.reports.queries.issued import RestsOn, Scope
from confmgr.reports.rendering import Copy, Paper
from confmgr.reports.stating import Changes
from confmgr.sharing.rule import Viewer, strictest

BITS = 100
"""Of a number: nobody guesses one, and five groups of four signs are still typed."""
SIGNS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
"""From the base 32 of RFC 4648 to that without letters that are read as another one."""
MISREAD = str.maketrans("OIL", "011")
BORNE = re.compile(rb"confmgr-report-([0-9A-Z-]{24})")
UNPACKED = 8 * 2**20
"""Bytes of a file that are unpacked to find its number."""
NUMBER = re.compile(r"[0-9A-HJKMNP-TV-Z]{20}")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about."""

    kind: ReportKind
    operation: Operation
    meeting: Meeting | None = None
    period: Period | None = None
    party: Party | None = None

    def read(self, session: Session, viewer: Viewer, now: datetime) -> OutcomeReport | PartyReport:
        """The report for one reader, as of today."""
        if self.party is not None:
            return queries.party_report(session, self.operation, self.party, viewer, now, as_of=now.date())
        return queries.outcome_report(
            session, self.operation, viewer, now, as_of=now.date(), meeting=self.meeting, period=self.period
        )


@dataclass(frozen=True, slots=True)
class Ready:
    """A report that can be issued: what it says and by which number, and what came before.

    `last` is the newest one of the same scope, `changes` are those since it where the issuer may open it; `already` was
    issued with the very same content. `holds` is what it tells itself, `kept` that and what it says of the last one.
    """

    subject: Subject
    report: OutcomeReport | PartyReport
    language: str
    audience: str
    as_of: datetime
    number: str
    content_hash: str
    says: Mapping[str, Any]
    holds: RestsOn
    kept: RestsOn
    last: IssuedReport | None
    changes: Changes | None
    already: IssuedReport | None


def prepare(
    session: Session, subject: Subject, viewer: Viewer, actor: User, now: datetime, *, language: str, audience: str
) -> Ready:
    """What issuing would keep.

    Raises:
        Refused: Nothing is recorded of which a report could tell.
    """
    report = subject.read(session, viewer, now)
    as_of = stating.newest(report, now)
    if as_of is None:
        raise Refused("nothing_to_issue")
    report = replace(report, as_of=as_of.date())
    says = stating.facts_of(report, rendering.totals(report), language)
    said = stating.words_of(_paper(report, language, as_of, rendering.PLAIN).html)
    content_hash = stating.hash_of({"kind": subject.kind.value, "said": said, "facts": says})
    number = number_of(content_hash, language, audience, str(actor.uuid))
    already = queries.by_number(session, number)
    holds = kept = queries.rests_on(session, report, viewer, now)
    last = queries.last_issued(session, _scope(subject, language, audience))
    changes = None
    if last is not None and already is None and queries.readable(session, [last], viewer, now):
        changes = stating.changes(last, says)
        kept = holds | RestsOn.from_json(last.facts["holds"])
        report = replace(report, marking=strictest([report.marking, last.tlp]))
    return Ready(
        subject=subject,
        report=report,
        language=language,
        audience=audience,
        as_of=as_of,
        number=number,
        content_hash=content_hash,
        says=says,
        holds=holds,
        kept=kept,
        last=last,
        changes=changes,
        already=already,
    )


def file_of(ready: Ready, actor: User, press: Press | None = None) -> tuple[str, bytes]:
    """Title and bytes of the document.

    Raises:
        PdfFailed: It could not be made.
    """
    paper = _paper(ready.report, ready.language, ready.as_of, Copy(actor.name, ready.number, ready.changes))
    return paper.title[:300], paper.pdf(press)


def issue(session: Session, ready: Ready, title: str, file: bytes, *, actor: User, now: datetime) -> IssuedReport:
    """Keep what was made; of the same number there is one only."""
    subject = ready.subject
    return outcomes.issue_report(
        session,
        outcomes.Issue(
            kind=subject.kind,
            operation=subject.operation,
            meeting=subject.meeting,
            party=subject.party,
            from_on=None if subject.period is None else subject.period.first,
            to_on=None if subject.period is None else subject.period.last,
            language=ready.language,
            audience=ready.audience,
            title=title,
            tlp=ready.report.marking,
            number=ready.number,
            content_hash=ready.content_hash,
            file=file,
            facts={
                "says": ready.says,
                "holds": ready.holds.to_json(),
                "kept": ready.kept.to_json(),
                "compared": ready.changes is not None,
            },
            item_ids=tuple(sorted(ready.kept.items)),
            envelope_ids=tuple(sorted(ready.kept.envelopes)),
            figure_ids=tuple(sorted(ready.kept.figures)),
            as_of=ready.as_of,
            replaces=ready.last,
        ),
        actor=actor,
        now=now,
    )


def changes_of(row: IssuedReport) -> Changes | None:
    """What an issued report says otherwise than the one before it; None where it does not say."""
    if row.replaces is None or not row.facts["compared"]:
        return None
    return stating.changes(row.replaces, row.facts["says"])


def number_of(content_hash: str, language: str, audience: str, issuer: str) -> str:
    """The number of a report: the same for the same content, and nobody's to guess."""
    settings: Settings = current_app.extensions["confmgr"]
    text = f"report\n{content_hash}\n{language}\n{audience}\n{issuer}"
    digest = hmac.digest(settings.secret_key.encode(), text.encode(), hashlib.sha256)
    signs = base64.b32encode(digest).decode().translate(SIGNS)[: BITS // 5]
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def number_typed(text: str) -> str | None:
    """A number as somebody typed it, in the one way of writing it; None for what is none."""
    signs = re.sub(r"[\s\-–—]", "", text).upper().translate(MISREAD)
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4)) if NUMBER.fullmatch(signs) else None


def number_inside(file: bytes) -> str | None:
    """The number that a file bears, whoever wrote it there; no more of the file is unpacked than costs nothing."""
    found, left = BORNE.search(file), UNPACKED
    for packed in _streams(file):
        if found is not None or left <= 0:
            break
        try:
            plain = zlib.decompressobj().decompress(packed, left)
        except zlib.error:
            continue
        found, left = BORNE.search(plain), left - len(plain)
    return None if found is None else number_typed(found[1].decode())


def _streams(file: bytes) -> Iterator[bytes]:
    """What stands in the streams of a file, in one pass over it."""
    end = 0
    while (begin := file.find(b"stream", end)) >= 0 and (end := file.find(b"endstream", begin)) >= 0:
        yield file[begin + 6 : end].lstrip(b"\r\n")
        end += 9


def _scope(subject: Subject, language: str, audience: str) -> Scope:
    return Scope(
        kind=subject.kind,
        operation_id=subject.operation.id,
        meeting_id=None if subject.meeting is None else subject.meeting.id,
        party_id=None if subject.party is None else subject.party.id,
        from_on=None if subject.period is None else subject.period.first,
        to_on=None if subject.period is None else subject.period.last,
        language=language,
        audience=audience,
    )


def _paper(report: OutcomeReport | PartyReport, language: str, as_of: datetime, copy: Copy) -> Paper:
    if isinstance(report, PartyReport):
        return rendering.party(report, language, as_of, copy)
    return rendering.outcomes(report, language, as_of, copy)
