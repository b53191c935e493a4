"""What this room calls things; importing it registers them."""

from confmgr.outcomes.labels import contacts, measures, requests, words

__all__ = ["contacts", "measures", "requests", "words"]
