"""Every error confmgr raises on purpose.

An error carries facts (ids, names), never a sentence for the screen. Routes turn it into a status code and a translated
message in `confmgr.web.problems`.
"""

from collections.abc import Collection, Sequence


class ConfmgrError(Exception):
    """Base of all expected failures. Anything else is a bug and becomes a 500."""


class NotFound(ConfmgrError):
    """There is no such thing, or the reader may not know that there is."""

    def __init__(self, kind: str = "page", ident: object = "") -> None:
        self.kind = kind
        self.ident = ident
        super().__init__(f"no {kind} {ident!r}")


class SignInNeeded(ConfmgrError):
    """The page is for people who have signed in."""


class NotAllowed(ConfmgrError):
    """The actor is known and may not do this."""

    def __init__(self, action: str) -> None:
        self.action = action
        super().__init__(f"not allowed to {action}")


class Refused(ConfmgrError):
    """Well-formed input that a rule refuses: form field, rule, and facts that fill the sentence."""

    def __init__(self, reason: str, *, field: str | None = None, **facts: object) -> None:
        self.reason = reason
        self.field = field
        self.facts = facts
        super().__init__(f"{field or 'input'}: {reason} {facts or ''}".strip())


class StillUsed(ConfmgrError):
    """Something cannot be deleted because rows of these tables rest on it."""

    def __init__(self, kind: str, used_by: Sequence[str]) -> None:
        self.kind = kind
        self.used_by = tuple(used_by)
        super().__init__(f"{kind} is used by {self.used_by}")


class StaleVersion(ConfmgrError):
    """Somebody else changed the row since the editor's screen was drawn; `since`: what they did, where it is known."""

    def __init__(self, kind: str, ident: object, *, since: Sequence[object] = ()) -> None:
        self.kind = kind
        self.ident = ident
        self.since = tuple(since)
        super().__init__(f"{kind} {ident!r} has changed meanwhile")


class MarkingChanged(StaleVersion):
    """What was asked of an item was asked under a marking that it has no more: it has to be asked again."""


class TakenBack(ConfmgrError):
    """While a page or file was being made, some of what stands in it was taken back from its reader."""

    def __init__(self, idents: Collection[object]) -> None:
        self.idents = frozenset(idents)
        super().__init__(f"{len(self.idents)} item(s) taken back meanwhile")


class Conflict(ConfmgrError):
    """The change is well-formed but the schedule forbids it."""

    def __init__(self, clashes: Sequence[object]) -> None:
        self.clashes = tuple(clashes)
        super().__init__(f"{len(self.clashes)} clash(es)")


class NotReadable(ConfmgrError):
    """A file that cannot be read as what it should be."""

    def __init__(self, reason: str, **facts: object) -> None:
        self.reason = reason
        self.facts = facts
        super().__init__(f"{reason} {facts or ''}".strip())
