"""Every word of these rooms has a name of its own, also where two lists spell a word alike."""

from enum import StrEnum

import pytest
from flask import Flask

from confmgr.cases.domain import (
    CrimeType,
    FeedbackKind,
    IdentifierKind,
    LeadKind,
    MatchState,
    NominationState,
    Readiness,
)
from confmgr.sharing.domain import ConsentKind, ConsentState, GradeScheme, Handling, ItemKind, ItemState, RecallCause
from confmgr.web import labels

LISTS = [
    CrimeType, FeedbackKind, IdentifierKind, LeadKind, MatchState, NominationState, Readiness,
    ConsentKind, ConsentState, GradeScheme, Handling, ItemKind, ItemState, RecallCause,
]  # fmt: skip


@pytest.mark.parametrize("words", LISTS)
def test_every_word_has_a_name(app: Flask, words: type[StrEnum]) -> None:
    with app.test_request_context():
        names = [labels.of(word) for word in words]
    assert len(set(names)) == len(names)


def test_words_that_are_spelled_alike_keep_their_own_names(app: Flask) -> None:
    with app.test_request_context():
        assert labels.of(ItemState.WITHDRAWN) == "Withdrawn"
        assert labels.of(RecallCause.WITHDRAWN) == "It was withdrawn"
        assert labels.of(LeadKind.WALLET) == "Wallet"
        assert labels.of(IdentifierKind.WALLET) == "Wallet address"
