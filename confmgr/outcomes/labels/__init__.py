"""What this room calls things; importing it registers them."""

from confmgr.outcomes.labels import measures, words

__all__ = ["measures", "words"]
