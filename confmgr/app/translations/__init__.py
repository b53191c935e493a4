"""`confmgr translations …`: the catalogues of the interface, their glossaries and what is held against them."""

from confmgr.app.translations.commands import translations

__all__ = ["translations"]
