"""What this room calls things; importing it registers them."""

from confmgr.outcomes.labels import measures, rounds, words

__all__ = ["measures", "rounds", "words"]
