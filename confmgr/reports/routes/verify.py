"""Whether a report is what was issued: by its number or its file, for anybody, with nothing of what it says."""

import hashlib
from contextlib import closing
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from confmgr.accounts.services import count_failure, too_many_attempts
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.outcomes.models import IssuedReport
from confmgr.reports import issuing, queries
from confmgr.reports.forms import LARGEST, VerifyForm
from confmgr.reports.routes.blueprint import bp
from confmgr.sharing.queries import viewer_of
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy, public


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said: of which report, and whether the file is that; `unchanged` is None without a file."""

    report: IssuedReport | None
    unchanged: bool | None
    later: IssuedReport | None = None
    opens: bool = False


@bp.route("/verify", methods=["GET", "POST"])
@policy(public)
def verify() -> ResponseReturnValue:
    """The number of a report, or its file: known or not, of which day, whether a later one took its place."""
    form = VerifyForm(number=request.args.get("number"))
    found = None
    if form.accepted():
        try:
            found = _checked(form)
        except Refused as refused:
            form.refuse(refused)
    return render_template("reports/verify.html", form=form, found=found), status(form)


def _checked(form: VerifyForm) -> Verdict:
    file = _file(form.file.data)
    typed = str(form.number.data or "")
    if not typed and file is None:
        raise Refused("verify_what", field="number")
    number = issuing.number_typed(typed) if typed else None
    if typed and number is None:
        raise Refused("no_number", field="number")
    found = _verdict(number, file)
    subject = number or hashlib.sha256(file or b"").hexdigest()
    _limited(f"verify {subject}", right=found.report is not None and found.unchanged is not False)
    return found


def _limited(subject: str, *, right: bool) -> None:
    """Count what was wrong, and make who tries again and again wait.

    Raises:
        Refused: The same wrong thing ten times, or fifty wrong ones from one address, in a quarter of an hour.
    """
    client, now = f"verify {request.remote_addr}", clock.now()
    with transaction() as current:
        waiting = too_many_attempts(current, account=subject, client=client, now=now)
        if not right and not waiting:
            count_failure(current, account=subject, client=client, now=now)
    if waiting:
        raise Refused("too_many_checks")


def _file(upload: FileStorage | None) -> bytes | None:
    if upload is None or not upload.filename:
        return None
    with closing(upload):
        file = upload.stream.read(LARGEST * 2**20 + 1)
    if len(file) > LARGEST * 2**20:
        raise Refused("file_too_large", field="file", limit=LARGEST)
    return file


def _verdict(number: str | None, file: bytes | None) -> Verdict:
    """A number that was typed is what is asked about; without one a file that is none of ours may still bear one."""
    same = None if file is None else queries.by_file(session(), hashlib.sha256(file).hexdigest())
    if number is None and same is None and file is not None:
        number = issuing.number_inside(file)
    report = same if number is None else queries.by_number(session(), number)
    if report is None:
        return Verdict(None, None if file is None else False)
    unchanged = None if file is None else same is not None and same.id == report.id
    return Verdict(report, unchanged, queries.replaced_by(session(), report), _opens(report))


def _opens(report: IssuedReport) -> bool:
    """Whether whoever is signed in may open it."""
    if not current_user.is_authenticated:
        return False
    now = clock.now()
    viewer = viewer_of(session(), current_user, now)
    return bool(queries.readable(session(), [report], viewer, now))
