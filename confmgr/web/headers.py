"""What every answer carries: the content security policy, no storing of pages, and no way to another site."""

import re
import unicodedata
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, request
from werkzeug.http import dump_options_header

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)

REVALIDATED = "private, no-cache"
"""What a page says of itself that a program may keep, and asks for anew each time."""

LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")
"""A path of this installation; browsers read two slashes, or a backslash, as the start of another host's name."""

ENCRYPTED = "max-age=31536000; includeSubDomains"
"""What an installation whose address is `https:` says: no program is to ask for it in the clear."""

SECRET = ("/r/", "/f/")
"""Addresses that are a secret by themselves: no other site, and no search, may learn them."""


def saved_as(name: str) -> str:
    """The Content-Disposition of a file that is saved under a name in any script (RFC 6266, 4.3).

    A web server sends ASCII and ends the connection at anything else, so the name itself is written in percents.
    """
    if name.isascii():
        return dump_options_header("attachment", {"filename": name})
    stem, _dot, ending = name.rpartition(".")
    bare = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().strip() or "file"
    exact = "UTF-8''" + quote(name, safe="!#$&+-.^_`|~")
    return dump_options_header("attachment", {"filename": f"{bare}.{ending}", "filename*": exact})


def _readable() -> None:
    """Refuse a question that holds a NUL: no text has one, and PostgreSQL takes none."""
    if any("\0" in text for pair in request.args.items(multi=True) for text in pair):
        abort(400)


def _add(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.path.startswith(SECRET):
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = ENCRYPTED
    if request.endpoint != "static" and response.headers.get("Cache-Control") != REVALIDATED:
        response.headers["Cache-Control"] = "no-store"  # what libraries say instead is not always well-formed
    _stay_here(response)
    return response


def _stay_here(response: Response) -> None:
    """Lead home instead of to another site, whatever a form or a referrer asked for."""
    where = response.headers.get("Location")
    if where is not None and not LOCAL.fullmatch(where.removeprefix(request.host_url.rstrip("/"))):
        response.headers["Location"] = "/"


def attach(app: Flask) -> None:
    """Add the headers to every answer of an application, and refuse what cannot be read."""
    app.before_request(_readable)
    app.after_request(_add)
