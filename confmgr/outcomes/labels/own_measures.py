"""What operations call the measures that they added: read once a request, in the reader's language."""

from flask import g
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from confmgr.outcomes.measures import MeasureGroup
from confmgr.outcomes.models import OwnMeasure
from confmgr.web import formats, labels
from confmgr.web.db import session

labels.register(
    {
        MeasureGroup.SUSPECTS: _l("Suspects"),
        MeasureGroup.RETURN: _l("Return of suspects"),
        MeasureGroup.VICTIMS: _l("Victims"),
        MeasureGroup.ENFORCEMENT: _l("Enforcement"),
        MeasureGroup.MONEY: _l("Money"),
        MeasureGroup.THINGS: _l("Things and infrastructure"),
        MeasureGroup.INSTRUMENTS: _l("Instruments and knowledge"),
        MeasureGroup.COOPERATION: _l("Cooperation"),
        MeasureGroup.OWN: _l("Measures of this operation"),
    }
)


def _found(code: str) -> OwnMeasure | None:
    if "own_measures" not in g:
        g.own_measures = {}
    if code not in g.own_measures:
        g.own_measures |= {row.code: row for row in session().scalars(select(OwnMeasure))}
        g.own_measures.setdefault(code, None)
    found: OwnMeasure | None = g.own_measures[code]
    return found


def _name(code: str) -> str | None:
    row = _found(code)
    return None if row is None else formats.plain_words(row.name)


def _definition(code: str) -> str | None:
    row = _found(code)
    return None if row is None else formats.plain_words(row.definition)


labels.register_search("measure", _name)
labels.register_search("definition", _definition)
