"""Tests hash hundreds of passwords, and no guesser waits for them: they use the cheapest form of the same algorithm."""

from functools import partial

import pytest
from argon2 import PasswordHasher
from passlib.hash import argon2  # type: ignore[import-untyped]

from confmgr.accounts import services

DEAR = {"default_rounds": argon2.default_rounds, "memory_cost": argon2.memory_cost, "parallelism": argon2.parallelism}
"""What the library of the sign-in form does where nobody changes it: hashing takes a third of a second."""


def hash_quickly() -> None:
    """From now on this process hashes in a moment, in services and in the form of the sign-in."""
    cheap = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    setattr(services, "PasswordHasher", cheap)  # noqa: B010  # a name that the module imports and does not export
    argon2.default_rounds, argon2.memory_cost, argon2.parallelism = 1, 8, 1


@pytest.fixture
def dear_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as in production."""
    monkeypatch.setattr(services, "PasswordHasher", PasswordHasher)
    for name, value in DEAR.items():
        monkeypatch.setattr(argon2, name, value)
