"""The outcome report as a file: tagged, marked on each page, with contents, bookmarks and its figures inside."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from confmgr.gateways.pdf import Press
from confmgr.outcomes.domain import ReportKind
from confmgr.reports.issuing import Subject
from confmgr.sharing.domain import Tlp
from tests import make_cases, make_issued, make_outcomes
from tests.gateways import paper
from tests.make_scheduling import NOW, world

TURNED = re.compile(r"[\u200b-\u200f\u2060-\u2069]")


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as one:
        yield one


def made(app: Flask, session: Session, press: Press, language: str) -> bytes:
    """The report of an operation with a lead, a raid, a request and a group, issued by the host's leadership."""
    here = world(session)
    make_cases.shared_lead(session, here, make_cases.case(session, here))
    raid = make_outcomes.carried_out(session, here, tlp=Tlp.GREEN)
    make_outcomes.figure(session, here, joint_action=raid)
    make_outcomes.request(session, here, tlp=Tlp.GREEN)
    group = make_outcomes.group(session, here)
    make_outcomes.base(session, here, group, "Sihanoukville", coordinates=(10.6, 103.5))
    leader = make_issued.leader(session, here)
    subject = Subject(ReportKind.OPERATION, here.meeting.operation)
    return make_issued.issued(app, session, press, subject, leader, NOW, language=language).file


def told(file: bytes, command: str, folder: Path, *options: str) -> str:
    path = folder / "report.pdf"
    path.write_bytes(file)
    return subprocess.run([command, *options, str(path)], capture_output=True, check=True, text=True).stdout


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_report_of_an_operation_is_whole_tagged_and_marked(
    app: Flask, stored: Session, press: Press, tmp_path: Path, language: str
) -> None:
    file = made(app, stored, press, language)
    about = told(file, "pdfinfo", tmp_path)
    assert re.search(r"Tagged: +yes", about)
    assert re.search(r"CreationDate: +Thu Jan 15 03:00:00 2026", about)
    assert "No syntax or stream encoding errors found" in told(file, "qpdf", tmp_path, "--check")
    plain = paper.plain(file)
    for entry in (f"/Lang ({language})".encode(), b"/DisplayDocTitle true", b"/S /H1", b"/S /TH", b"pdfuaid"):
        assert entry in plain
    count = paper.pages(file)
    assert count > 2
    for number in range(1, count + 1):
        text = subprocess.run(
            ["pdftotext", "-f", str(number), "-l", str(number), str(tmp_path / "report.pdf"), "-"],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        assert text.count("TLP:AMBER") == 2
        assert f"{number} / {count}" in TURNED.sub("", text)


@pytest.mark.slow
def test_contents_and_bookmarks_name_the_same_headings_on_the_same_pages(
    app: Flask, stored: Session, press: Press
) -> None:
    file = made(app, stored, press, "en")
    document = paper.opened(file)
    marks = [(one.get_title(), one.get_dest().get_index() + 1) for one in document.get_toc() if one.level > 0]
    lines = [line.strip() for line in paper.said(file, 1).split("\n")]
    assert len(marks) > 8
    for title, number in marks:
        assert any(line.startswith(title) and line.endswith(str(number)) for line in lines), title


@pytest.mark.slow
def test_the_figures_inside_are_those_that_the_report_prints(app: Flask, stored: Session, press: Press) -> None:
    file = made(app, stored, press, "en")
    [(name, text)] = paper.attached(file)
    totals = {
        row["measure"]: (row["from"], row["to"]) for row in json.loads(text)["totals"] if row["operation"] is not None
    }
    assert name == "figures.json"
    assert totals == {"arrested": (15, 15), "leads": (1, 1), "joint_actions": (1, 1), "countries": (3, 3)}
    printed = "\n".join(paper.said(file, page) for page in range(paper.pages(file)))
    for line in ("Arrested 15 Provisional", "Joint actions 1 Confirmed", "Leads exchanged 1 Confirmed"):
        assert line in printed
