"""What this room calls things; importing it registers them."""

from confmgr.outcomes.labels import actions, measures, words

__all__ = ["actions", "measures", "words"]
