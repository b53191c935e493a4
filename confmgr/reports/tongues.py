"""A document in one language, or in two beside each other: each block is written twice and stands in one row."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import force_locale
from markupsafe import Markup

from confmgr.values.languages import babel_locale, direction

Block = Callable[..., Markup]
"""A macro of the template that writes a block in the language of the moment."""


CELLS = {
    "div": Markup('<div class="{}" lang="{}" dir="{}">{}</div>'),
    "span": Markup('<span class="{}" lang="{}" dir="{}">{}</span>'),
}


@dataclass(frozen=True, slots=True)
class Tongues:
    """The language of a document, and the one beside it."""

    first: str
    beside: str | None = None

    @property
    def two(self) -> bool:
        """Whether every block stands there twice."""
        return self.beside is not None

    def both(self, block: Block, *args: object, kind: str = "") -> Markup:
        """A block alone, or in a row with the same in the other language; each cell has its own `lang` and `dir`."""
        if self.beside is None:
            return block(*args)
        row = Markup('<div class="both{}">{}</div>')
        return row.format(f" {kind}" if kind else "", self.cells(block, *args))

    def cells(self, block: Block, *args: object) -> Markup:
        """The cells of a row that has others besides: one that says what it is, or one for each language."""
        if self.beside is None:
            return Markup('<div class="what">{}</div>').format(block(*args))
        first = _cell(self.first, "tongue", block, args)
        return first + _cell(self.beside, "tongue beside", block, args)

    def inline(self, block: Block, *args: object) -> Markup:
        """The same on one line, the other language behind a dot: heads and feet of pages."""
        if self.beside is None:
            return block(*args)
        first = _cell(self.first, "", block, args, "span")
        return first + " · " + _cell(self.beside, "beside", block, args, "span")


def _cell(tag: str, name: str, block: Block, args: tuple[object, ...], element: str = "div") -> Markup:
    with force_locale(babel_locale(tag)):
        content = block(*args)
    return CELLS[element].format(name, tag, direction(tag), content.strip())
