"""Clauses under construction, and sums of literals in them.

Sums become clauses by sequential counters (Sinz 2005) and cardinality networks (Asín, Nieuwenhuis, Oliveras,
Rodríguez-Carbonell 2011); where their value is asked for elsewhere, by totalizers (Bailleux and Boufkhad 2003).
"""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from typing import Any

from pysat.card import CardEnc, EncType
from pysat.formula import WCNF, IDPool

FEW, SHORT, PAIRED = 3, 30, 5
"""The bound and the number of terms up to which a sum is a sequential counter; terms up to which pairs are excluded."""

_POOL: Any = IDPool
_FORMULA: Any = WCNF
_SUMS: Any = CardEnc  # the library has no types


class Sums:
    """A formula of hard clauses, and of literals that cost one each where they are false (`wish`)."""

    def __init__(self) -> None:
        self.pool: Any = _POOL()
        self.formula: Any = _FORMULA()

    def new(self, *name: Any) -> int:
        """The literal of that name, a new one where there was none."""
        return int(self.pool.id(name))

    def add(self, *literals: int) -> None:
        """One of these holds; a literal 0 stands for what is never so."""
        self.formula.append([literal for literal in literals if literal])

    def wish(self, literal: int) -> None:
        """It costs one where this does not hold."""
        self.formula.append([literal], weight=1)

    def any(self, literals: Sequence[int], *name: Any, exactly: bool = False) -> int:
        """A literal that is true where one of these is, and only there if `exactly`."""
        found = self.new(*name)
        self.formula.extend([[-literal, found] for literal in literals])
        if exactly:
            self.formula.append([-found, *literals])
        return found

    def at_most(self, literals: Collection[int], most: int) -> None:
        """No more of these are true."""
        if len(literals) > most:
            small = EncType.pairwise if len(literals) <= PAIRED and most == 1 else EncType.seqcounter
            self._sum(_SUMS.atmost, literals, most, small if most <= FEW else EncType.cardnetwrk)

    def at_least(self, literals: Collection[int], least: int) -> None:
        """No fewer of these are true."""
        self.at_most([-literal for literal in literals], len(literals) - least)

    def exactly(self, literals: Collection[int], number: int) -> None:
        """So many of these are true."""
        small = len(literals) < SHORT
        self._sum(_SUMS.equals, literals, number, EncType.seqcounter if small else EncType.cardnetwrk)

    def counted(self, literals: Sequence[int], most: int, *, exactly: bool = False) -> list[int]:
        """Literals of "one or more of these are true", "two or more" up to `most`; only there if `exactly`."""
        if len(literals) <= 1:
            return list(literals[:most])
        half = len(literals) // 2
        left = self.counted(literals[:half], most, exactly=exactly)
        right = self.counted(literals[half:], most, exactly=exactly)
        found = [self.new("sum", self.pool.top + 1) for _ in range(min(len(literals), most))]
        for i in range(len(left) + 1):
            for j in range(len(right) + 1):
                low, high = min(i + j, len(found)), i + j
                if low:
                    self.add(*([-left[i - 1]] if i else []), *([-right[j - 1]] if j else []), found[low - 1])
                if exactly and high < len(found):
                    self.add(*left[i : i + 1], *right[j : j + 1], -found[high])
        for fewer, more in pairwise(found):
            self.add(-more, fewer)
        return found

    def _sum(self, kind: Callable[..., Any], literals: Collection[int], bound: int, encoding: int) -> None:
        if 0 <= bound <= len(literals):
            added = kind(lits=list(literals), bound=bound, vpool=self.pool, encoding=encoding)
            self.formula.extend(added.clauses)
        else:
            self.formula.append([])
