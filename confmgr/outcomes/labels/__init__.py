"""What this room calls things; importing it registers them."""

from confmgr.outcomes.labels import figures, measures, own_measures, words

__all__ = ["figures", "measures", "own_measures", "words"]
