"""What this room calls things; importing it registers them."""

from confmgr.outcomes.labels import groups, measures, words

__all__ = ["groups", "measures", "words"]
