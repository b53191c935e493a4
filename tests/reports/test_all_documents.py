"""Whatever leaves as a PDF is whole, tagged, in its language and the same twice: every kind of document, two scripts."""

import itertools
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from confmgr.gateways import pdf
from confmgr.papers import queries as papers
from confmgr.reports import personal, printing, queries, rendering
from confmgr.reports.printing import Kind, Print, Wanted
from confmgr.sharing.queries import viewer_of
from confmgr.sharing.rule import Viewer
from tests.gateways import paper
from tests.make_scheduling import NOW, World
from tests.reports.test_twelve_languages import filled
from tests.soak import SOAK

pytestmark = pytest.mark.slow
Maker = Callable[[Session, World, Viewer, str], Print]


def _outcomes(session: Session, here: World, viewer: Viewer, language: str, *, whole: bool) -> Print:
    meeting = None if whole else here.meeting
    found = queries.outcome_report(session, here.meeting.operation, viewer, NOW, as_of=NOW.date(), meeting=meeting)
    return printing.of(rendering.outcomes(found, language, NOW))


def _sheets(kind: Kind) -> Maker:
    return lambda session, here, viewer, language: printing.prints(
        queries.timetable(session, here.meeting, viewer, NOW), Wanted(kind, language), NOW
    )


KINDS: Mapping[str, Maker] = {
    "agenda": lambda session, here, _viewer, language: printing.of(
        rendering.agenda(papers.annotated(session, here.meeting), language, NOW)
    ),
    "agenda in two languages": lambda session, here, _viewer, language: printing.of(
        rendering.agenda(papers.annotated(session, here.meeting), language, NOW, "ko")
    ),
    "programme": lambda session, here, _viewer, language: printing.of(
        rendering.programme(queries.programme(session, here.meeting), language, NOW)
    ),
    "programme of a delegation": lambda session, here, viewer, language: printing.delegation(
        queries.timetable(session, here.meeting, viewer, NOW), here.kh.id, language, NOW
    ),
    "leads": lambda session, here, viewer, language: printing.of(
        rendering.leads(queries.leads_report(session, here.meeting.operation, viewer, NOW), language, NOW)
    ),
    "outcomes of a meeting": lambda *given: _outcomes(*given, whole=False),
    "outcomes of an operation": lambda *given: _outcomes(*given, whole=True),
    "personal agenda": lambda session, here, viewer, language: personal.of(
        [queries.agenda_of(session, here.meeting, viewer, NOW, person=here.delegate_kh)], language, NOW
    ),
    **{kind.value: _sheets(kind) for kind in Kind},
}

IN_TURN = [(language, list(itertools.islice(KINDS, start, None, 2))) for start, language in enumerate(("en", "km"))]
"""Which kinds are made in which language: the one half in one, the other half in the other."""


def told(command: list[str], file: Path) -> str:
    return subprocess.run([*command, str(file)], capture_output=True, check=True, text=True, timeout=60).stdout


@pytest.mark.parametrize(
    ("language", "kinds"), [(language, list(KINDS)) for language, _kinds in IN_TURN] if SOAK else IN_TURN
)
def test_every_document_is_whole_tagged_in_its_language_and_the_same_twice(
    app: Flask, stored: Session, tmp_path: Path, language: str, kinds: list[str]
) -> None:
    here = filled(stored)
    viewer = viewer_of(stored, here.head_kh, NOW)
    with app.test_request_context():
        ready = {kind: KINDS[kind](stored, here, viewer, language) for kind in kinds}
    with pdf.Press() as first, pdf.Press() as second:
        for kind, one in ready.items():
            made = one.pdf(first)
            assert one.pdf(second) == made, f"{kind} differs from one renderer to another"
            file = tmp_path / f"{kind}.pdf"
            file.write_bytes(made)
            assert "No syntax or stream encoding errors" in told(["qpdf", "--check"], file), kind
            facts = dict(line.split(":", 1) for line in told(["pdfinfo"], file).splitlines() if ":" in line)
            assert facts["Tagged"].strip() == "yes", kind
            assert facts["Title"].strip() == one.title.strip(), kind
            assert facts["Encrypted"].strip() == "no", kind
            plain = paper.plain(made)
            assert f"/Lang ({language})".encode() in plain, kind
            for entry in (b"pdfuaid", b"/Marked true", b"/S /H1"):
                assert entry in plain, f"{kind} has no {entry!r}"
            said = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True, timeout=60).stdout
            assert "TLP:" in said.decode(), kind
            assert paper.metadata(made)["CreationDate"] == f"D:{one.created.astimezone(NOW.tzinfo):%Y%m%d%H%M%SZ}", kind


def test_the_figures_inside_an_outcome_report_have_the_instant_of_the_report_and_not_of_the_clock(
    app: Flask, stored: Session
) -> None:
    here = filled(stored)
    viewer = viewer_of(stored, here.head_kh, NOW)
    with app.test_request_context():
        ready = KINDS["outcomes of a meeting"](stored, here, viewer, "en")
    plain = paper.plain(ready.pdf())
    assert ready.created.isoformat() == "2026-01-15T00:00:00+09:00"
    assert plain.count(b"/CreationDate (D:20260114150000Z)") >= 1
    assert b"/ModDate (D:2026" in plain
    assert b"D:20261" not in plain  # nothing of today's clock
