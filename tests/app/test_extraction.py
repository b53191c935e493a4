"""Every sentence of a page is in the catalogues, those of the macros too."""

from confmgr.app.translations import extracted


def test_the_strings_of_macros_in_underscored_folders_are_translated() -> None:
    known = {message.id for message in extracted()}
    assert {"(optional)", "This could not be saved yet", "of %(whole)s", "Close this message"} <= known
