"""What somebody tired finds on the pages of cases and leads: one thing to do, what it means, the way back."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.cases import services
from confmgr.cases.models import Lead
from confmgr.delegations.domain import DelegationStatus
from confmgr.meetings.domain import Role
from confmgr.sharing.domain import Tlp
from tests import make, make_cases
from tests.make_cases import shown
from tests.make_scheduling import NOW, World, as_, once

NOBODY_READ = "Nobody of another party has read it yet."
PAGES = ("", "/edit", "/share", "/marking", "/keep", "/matching", "/ask")

pytestmark = pytest.mark.usefixtures("soon_after")


def test_every_page_has_one_filled_button_at_most_and_says_where_one_is(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    items = (f"/leads/{lead.item.uuid}", f"/cases/{lead.case.item.uuid}")
    lists = ("cases", "leads", "exchange", "consents", "matches", "leads/new", "cases/new", "files", "files/take-in")
    pages = [item + page for item in items for page in PAGES] + [f"/meetings/seoul-2/{page}" for page in lists]
    stored.commit()
    as_(client, stored, here.head_kh)
    found = {page: client.get(page).text for page in pages}
    assert [page for page, text in found.items() if text.count('class="button filled"') > 1] == []
    ways = ('class="crumbs"', 'class="segments"')
    assert [page for page, text in found.items() if not any(way in text for way in ways)] == []


def test_a_page_shows_no_more_than_three_things_to_do_and_the_rest_behind_one_word(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    pages = ("/meetings/seoul-2/cases", f"/cases/{lead.case.item.uuid}", f"/leads/{lead.item.uuid}")
    stored.commit()
    for person in (here.head_kh, here.head_th, here.organiser):
        as_(client, stored, person)
        for page in pages:
            _title, actions, rest = shown(client, page).partition('<div class="actions">')
            assert actions, page
            head = rest.partition("</main>")[0]
            head = re.sub(r'<div class="menu-list">.*?</div>', "", head, flags=re.DOTALL)
            offered = head.partition('<div class="with-aside">')[0].partition('class="segments"')[0]
            assert len(re.findall(r'class="button|<summary>', offered)) <= 3, page


def test_taking_a_lead_back_says_first_what_that_means_and_who_has_read_it(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    address = f"/leads/{lead.item.uuid}"
    stored.commit()
    as_(client, stored, here.head_kh)
    assert f'action="{address}/withdraw"' not in shown(client, address)
    page = client.get(f"{address}/keep").text
    assert f'action="{address}/withdraw"' in page
    assert "From now on only your party reads it" in page
    assert NOBODY_READ in page
    as_(client, stored, here.head_th)
    client.get(address)
    as_(client, stored, here.head_kh)
    page = client.get(f"{address}/keep").text
    assert "1 person of other parties has read it, and is asked to use no copy." in page
    assert NOBODY_READ not in page


def test_the_second_person_of_a_red_lead_is_not_offered_what_the_author_alone_may_do(
    client: FlaskClient, stored: Session, here: World
) -> None:
    second = make.user(stored, "Chan Thida")
    make.membership(stored, here.meeting, second, Role.DELEGATE, of_delegation=here.kh)
    of = make_cases.case(stored, here)
    row = make_cases.lead(stored, here, of, tlp=Tlp.RED, named_readers=[second])
    address = f"/leads/{row.item.uuid}"
    stored.commit()
    as_(client, stored, second)
    page = client.get(f"{address}/keep")
    assert (page.status_code, f'action="{address}/withdraw"' in page.text) == (200, False)


def test_a_lead_names_its_case_with_the_party_that_gave_it_to_those_who_know_the_case(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    """Every party has a case of its own called C-1."""
    address, of = f"/leads/{lead.item.uuid}", f"/cases/{lead.case.item.uuid}"
    stored.commit()
    as_(client, stored, here.head_th)
    page = client.get(address).text
    assert len(re.findall(rf'<a [^>]*href="{of}"[^>]*>(?:<bdi[^>]*>)?KH/KH-01<', page)) == 2


def test_a_draft_that_every_member_may_read_is_shared_without_naming_anybody(
    client: FlaskClient, stored: Session, here: World
) -> None:
    row = make_cases.lead(stored, here, make_cases.case(stored, here), tlp=Tlp.GREEN)
    address = f"/leads/{row.item.uuid}"
    stored.commit()
    as_(client, stored, here.head_kh)
    assert "Every delegation at this meeting will see this." in client.get(f"{address}/share").text
    assert make_cases.send(client, f"{address}/share").status_code == 302
    assert "no delegation yet" not in shown(client, address)
    as_(client, stored, here.head_th)
    assert "It called two hundred victims." in client.get(address).text


def test_of_what_is_passed_to_delegations_the_page_says_that_they_must_ask_before_passing_it_on(
    client: FlaskClient, stored: Session, here: World
) -> None:
    address = f"/leads/{make_cases.lead(stored, here, make_cases.case(stored, here)).item.uuid}/share"
    stored.commit()
    as_(client, stored, here.head_kh)
    assert "whoever else wants to read it must ask you first." in client.get(address).text
    assert make_cases.send(client, address).status_code == 422


def test_a_party_that_has_answered_finds_its_own_answer_in_the_form(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    """Sending the form again by mistake says the same again."""
    address = f"/leads/{lead.item.uuid}"
    stored.commit()
    as_(client, stored, here.head_th)
    said = {"once": once(), "kind": "needs_more", "note": "Which month?"}
    assert client.post(f"{address}/feedback", data=said).status_code == 302
    page = client.get(address).text
    assert '<option selected value="needs_more">' in page
    assert re.search(r"<textarea[^>]*>\s*Which month\?</textarea>", page)


def test_who_has_read_a_lead_leads_back_to_it_and_says_in_which_time_zone(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    address, readers = f"/leads/{lead.item.uuid}", f"/items/{lead.item.uuid}/readers"
    here.head_kh.zone = "Asia/Phnom_Penh"
    stored.commit()
    as_(client, stored, here.head_kh)
    page = client.get(readers).text
    assert f'<a href="{address}"><bdi>KH/KH-L1</bdi></a>' in page.partition('class="crumbs"')[2]
    assert "Asia/Phnom_Penh" in page


def test_who_has_not_acknowledged_a_recall_is_seen_after_a_purge_too(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    readers, name = f"/items/{lead.item.uuid}/readers", here.head_th.name
    as_(client, stored, here.head_th)
    client.get(f"/leads/{lead.item.uuid}")
    as_(client, stored, here.head_kh)
    assert "Called back" not in client.get(readers).text
    assert client.post(f"/leads/{lead.item.uuid}/purge", data={"once": once()}).status_code == 302
    page = client.get(readers).text
    panel = page[page.index("Called back") :].partition("</section>")[0]
    assert name in panel
    assert "Not acknowledged" in panel


def test_an_organiser_decides_with_the_envelope_before_the_eyes_and_of_red_with_nothing_of_it(
    client: FlaskClient, stored: Session, here: World
) -> None:
    second = make.user(stored, "Chan Thida")
    make.membership(stored, here.meeting, second, Role.DELEGATE, of_delegation=here.kh)
    amber = make_cases.case(stored, here)
    red = make_cases.case(stored, here, "KH-02", tlp=Tlp.RED, named_readers=[second])
    pages = [f"/meetings/seoul-2/cases/{one.item.uuid}/decide" for one in (amber, red)]
    address = f"/cases/{amber.item.uuid}"
    stored.commit()
    as_(client, stored, here.organiser)
    assert f'class="button filled" href="{pages[0]}"' in client.get(address).text
    told, bare = (client.get(page).text for page in pages)
    for words in ("A fraud case", "Voice phishing", "<bdi>TH</bdi>"):
        assert (words in told, words in bare) == (True, False)


def test_a_nominator_reads_first_why_a_case_was_not_taken(client: FlaskClient, stored: Session, here: World) -> None:
    of = make_cases.case(stored, here, disclose_to=[here.th])
    address, decide = f"/cases/{of.item.uuid}", f"/meetings/seoul-2/cases/{of.item.uuid}/decide"
    stored.commit()
    as_(client, stored, here.organiser)
    data = {"once": once(), "version": "1", "state": "not_taken", "reason": "It came too late."}
    assert client.post(decide, data=data).status_code == 302
    as_(client, stored, here.head_kh)
    page = client.get(address).text
    assert "Not taken. It came too late." in page.partition("<main")[2].partition("<aside")[0]
    as_(client, stored, here.head_th)
    assert "It came too late." not in shown(client, address)


def test_a_lead_is_begun_from_its_case_with_the_sentence_who_will_see_it(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    case = f"{lead.case.item.uuid}"
    stored.commit()
    as_(client, stored, here.head_kh)
    address = f"/meetings/seoul-2/leads/new?case={case}"
    assert f'href="{address}"' in client.get(f"/cases/{case}").text
    page = client.get(address).text
    assert f'<option selected value="{case}">' in page
    assert "Only your delegation will see this." in page
    assert f'href="/cases/{case}/leads/new"' in page


def choice(page: str, tlp: str) -> str:
    """What stands beside one marking."""
    return page.partition(f'name="tlp" value="{tlp}"')[2].partition("</label>")[0]


def test_each_marking_says_who_loses_the_lead_and_who_reads_it_from_then_on(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    address = f"/leads/{lead.item.uuid}/marking"
    make.delegation(stored, here.meeting, "JP")
    stored.commit()
    as_(client, stored, here.head_kh)
    page = client.get(address).text
    assert "loses it at once" not in page.partition("<form")[0]
    for stricter in ("RED", "AMBER+STRICT", "AMBER"):
        assert "Who loses it at once: TH. Name readers again after the change." in choice(page, stricter)
    for lower in ("GREEN", "CLEAR"):
        said = choice(page, lower)
        assert "A second person of your party has to agree before it takes effect. Nobody loses it." in said
        assert "loses it at once" not in said
        assert "Every member and partner of the meeting will be able to read it: JP" in said


def test_a_new_marking_of_something_green_takes_it_from_observers_who_are_named_alone(
    client: FlaskClient, stored: Session, here: World
) -> None:
    row = make_cases.lead(stored, here, make_cases.case(stored, here), tlp=Tlp.GREEN)
    observer = make.delegation(stored, here.meeting, "NO", status=DelegationStatus.OBSERVER)
    services.share_lead(stored, row, actor=here.head_kh, now=NOW, to=[here.th, observer])
    address = f"/leads/{row.item.uuid}/marking"
    stored.commit()
    as_(client, stored, here.head_kh)
    page = client.get(address).text
    assert "Who loses it at once: NO. Name readers again after the change." in choice(page, "GREEN")
    assert "TH" in choice(page, "AMBER")
    done = make_cases.send(client, address, tlp="GREEN", handling=["H2"], second="", reason="", follow=True).text
    assert "Who loses it at once: NO. Name readers again after the change." in done.partition("<h1")[0]


def test_who_is_struck_off_something_green_is_said_to_read_it_still(
    client: FlaskClient, stored: Session, here: World
) -> None:
    row = make_cases.lead(stored, here, make_cases.case(stored, here), tlp=Tlp.GREEN)
    observer = make.delegation(stored, here.meeting, "NO", status=DelegationStatus.OBSERVER)
    services.share_lead(stored, row, actor=here.head_kh, now=NOW, to=[here.th, observer])
    stored.commit()
    numbers = {one.to_delegation_id: one.id for one in row.item.disclosures}
    as_(client, stored, here.head_kh)
    for delegation, still in ((here.th, True), (observer, False)):
        address = f"/leads/{row.item.uuid}/readers/{numbers[delegation.id]}/revoke"
        page = client.post(address, follow_redirects=True).text
        assert ("can still read it, since it is TLP:GREEN" in page) is still
        assert ("They cannot open it any more." in page) is not still


def test_striking_off_says_who_of_the_delegation_is_named_besides(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    services.share_lead(stored, lead, actor=here.head_kh, now=NOW, persons=[here.head_th])
    stored.commit()
    by_person = {one.to_user_id: one.id for one in lead.item.disclosures}
    as_(client, stored, here.head_kh)
    address = f"/leads/{lead.item.uuid}/readers"
    page = client.post(f"{address}/{by_person[None]}/revoke", follow_redirects=True).text
    assert "agencies and persons of it who are named still can" in page
    page = client.post(f"{address}/{by_person[here.head_th.id]}/revoke", follow_redirects=True).text
    assert "They cannot open it any more." in page


def test_no_two_fields_of_a_page_have_one_id(client: FlaskClient, stored: Session, here: World, lead: Lead) -> None:
    """A lead has a form for feedback and one for comments."""
    address = f"/leads/{lead.item.uuid}"
    stored.commit()
    as_(client, stored, here.head_th)
    ids = re.findall(r' id="([^"]+)"', client.get(address).text)
    assert sorted(ids) == sorted(set(ids))


def test_whoever_names_a_person_for_something_red_is_told_before_and_after_that_a_second_one_must_agree(
    client: FlaskClient, stored: Session, here: World
) -> None:
    second = make.user(stored, "Chan Thida")
    make.membership(stored, here.meeting, second, Role.DELEGATE, of_delegation=here.kh)
    row = make_cases.lead(stored, here, make_cases.case(stored, here), tlp=Tlp.RED, named_readers=[second])
    address, somchai = f"/leads/{row.item.uuid}/share", f"{here.head_th.uuid}"
    stored.commit()
    as_(client, stored, here.head_kh)
    assert "A second person of your party has to agree before it takes effect." in client.get(address).text
    done = make_cases.send(client, address, persons=[somchai], follow=True)
    assert "A second person of your party has to agree before it takes effect." in done.text.partition("<h1")[0]


def test_whoever_shares_a_draft_is_told_that_it_is_shared(client: FlaskClient, stored: Session, here: World) -> None:
    address = f"/leads/{make_cases.lead(stored, here, make_cases.case(stored, here)).item.uuid}/share"
    stored.commit()
    as_(client, stored, here.head_kh)
    done = make_cases.send(client, address, to=["TH"], follow=True)
    assert "The lead is shared." in done.text.partition("<h1")[0]
