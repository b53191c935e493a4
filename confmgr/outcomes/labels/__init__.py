"""What this room calls things; importing it registers them."""

from confmgr.outcomes.labels import indicators, measures, words

__all__ = ["indicators", "measures", "words"]
