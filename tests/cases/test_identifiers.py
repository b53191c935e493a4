"""Two people's spellings of one telephone number, account or address are one value; of two, two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from confmgr.cases.domain import IdentifierKind as Kind
from confmgr.cases.identifiers import LONGEST, Named, normal
from confmgr.cases.naming import identifiers_of, name_values
from confmgr.errors import Refused
from confmgr.sharing.models import ItemVersion
from tests.make_cases import case, lead
from tests.make_scheduling import NOW, world


@pytest.mark.parametrize(
    ("kind", "written", "compared"),
    [
        (Kind.PHONE, "+855 (0)12 345-678", "+85512345678"),
        (Kind.PHONE, "00855 12 345 678", "+85512345678"),
        (Kind.PHONE, "+៨៥៥ ១២ ៣៤៥ ៦៧៨", "+85512345678"),
        (Kind.PHONE, "+\uff18\uff15\uff15 12345678", "+85512345678"),
        (Kind.PHONE, "012 345 678", "012345678"),
        (Kind.PHONE, "12", ""),
        (Kind.PHONE, "call me", ""),
        (Kind.PHONE, "+855123456789012345", ""),
        (Kind.BANK_ACCOUNT, "kh12 0001-0002 3456", "KH12000100023456"),
        (Kind.WALLET, "0xAbCdef0123456789abcdef0123456789ABCDEF01", "0xabcdef0123456789abcdef0123456789abcdef01"),
        (Kind.WALLET, "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        (Kind.WALLET, "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf", "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf"),
        (Kind.WALLET, "no wallet!", ""),
        (Kind.DOMAIN, "HTTPS://Bücher.example./x", "xn--bcher-kva.example"),
        (Kind.DOMAIN, "scam[.]example", "scam.example"),
        (Kind.DOMAIN, "ไทย.example", "xn--o3cw4h.example"),
        (Kind.DOMAIN, "no host", ""),
        (Kind.URL, "hxxps://Scam[.]example:443/Pay/?id=7#top", "scam.example/Pay?id=7"),
        (Kind.URL, "http://scam.example:8080/", "scam.example:8080"),
        (Kind.URL, "javascript:alert(1)", ""),
        (Kind.URL, "http://[::1", ""),
        (Kind.EMAIL, "Mr.Boss@BÜCHER.example", "mr.boss@xn--bcher-kva.example"),
        (Kind.EMAIL, "nobody", ""),
        (Kind.HANDLE, "https://t.me/Big_Boss", "big_boss"),
        (Kind.HANDLE, "@Big_Boss", "big_boss"),
        (Kind.PASSPORT, "M 123-45.678", "M12345678"),
        (Kind.VEHICLE, "12가 3456", "12가3456"),
        (Kind.DEVICE, "35-209900-176148-1", "352099001761481"),
        (Kind.ALIAS, "  Straße  Boss ", "strasse boss"),
        (Kind.OTHER, "x" * 301, ""),
    ],
)
def test_a_value_is_compared_in_one_spelling(kind: Kind, written: str, compared: str) -> None:
    assert normal(kind, written) == compared


@given(st.sampled_from(list(Kind)), st.text(max_size=400))
def test_whatever_is_written_gives_a_short_value_that_is_its_own_spelling(kind: Kind, written: str) -> None:
    once = normal(kind, written)
    assert len(once) <= LONGEST
    assert normal(kind, f"  {written} ") == once


def test_the_values_of_a_lead_are_named_anew_and_those_that_stay_keep_their_row(session: Session) -> None:
    here = world(session)
    item = lead(session, here, case(session, here)).item
    first = [Named(Kind.PHONE, "+855 12 345 678"), Named(Kind.PHONE, "0085512345678"), Named(Kind.ALIAS, "Boss")]
    name_values(session, item, first, actor=here.head_kh, now=NOW)
    rows = identifiers_of(session, item)
    assert [(row.kind, row.normal) for row in rows] == [(Kind.PHONE, "+85512345678"), (Kind.ALIAS, "boss")]
    later = NOW.replace(hour=5)
    name_values(
        session,
        item,
        [Named(Kind.PHONE, "+85512345678"), Named(Kind.DOMAIN, "scam.example")],
        actor=here.head_kh,
        now=later,
    )
    again = identifiers_of(session, item)
    assert [row.normal for row in again] == ["+85512345678", "scam.example"]
    assert again[0].id == rows[0].id
    version = session.query(ItemVersion).filter_by(item_id=item.id).one()
    assert version.before == {"identifiers": ["phone: +855 12 345 678", "alias: Boss"]}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([Named(Kind.PHONE, "none")], "not_of_its_kind"),
        ([Named(Kind.ALIAS, f"Boss {n}") for n in range(51)], "too_many_identifiers"),
    ],
)
def test_a_value_that_is_none_of_its_kind_is_refused(session: Session, values: list[Named], reason: str) -> None:
    here = world(session)
    item = case(session, here).item
    with pytest.raises(Refused, match=reason):
        name_values(session, item, values, actor=here.head_kh, now=NOW)
