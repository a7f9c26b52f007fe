"""Groups, channels, accounts, names and the moderator's code."""

import pytest

from bot.actions.claims import claim_paper
from bot.actions.day import list_day
from bot.actions.deliveries import take_due
from bot.actions.people import offer_code, redeem_code
from bot.errors import Refused, StoreError
from bot.groups.names import find_members
from bot.model import GroupSettings, Member
from bot.ports import Store
from tests.groups import enrol, set_groups
from tests.stores.scene import AT, AT_ONCE, OTHERS, READERS, Scene, digest, lease_all, list_papers


async def test_what_is_kept_first_holds(store: Store) -> None:
    assert await store.write(lambda rows: rows.kept.keep("season", "spring")) == "spring"
    assert await store.write(lambda rows: rows.kept.keep("season", "autumn")) == "spring"


async def test_a_new_account_becomes_a_member(store: Store) -> None:
    await set_groups(store, [READERS])
    assert await store.peek(lambda rows: rows.people.member("readers", "web:1")) is None
    ann = await enrol(store, "readers", "web:1", "  Ann   Lee ", AT)
    assert ann == Member(ann.id, "Ann Lee", "member")
    assert await store.peek(lambda rows: rows.people.member("readers", "web:1")) == ann


async def test_a_known_account_stays_itself_and_writes_nothing(scene: Scene) -> None:
    commits = scene.store.commits
    assert await enrol(scene.store, "readers", "web:1", "Ann", AT) == scene.ann
    assert scene.store.commits == commits


async def test_an_account_is_renamed_and_its_claims_show_it(scene: Scene) -> None:
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    await scene.show_all()
    renamed = await enrol(scene.store, "readers", "web:1", "Anna", AT)
    assert renamed == Member(scene.ann.id, "Anna")
    assert await scene.due() == [("paper", str(scene.first))]


async def test_a_request_to_join_that_arrives_again_changes_nothing(scene: Scene) -> None:
    anna = await enrol(scene.store, "readers", "web:9", "Anna", AT, "j1")
    annabel = await enrol(scene.store, "readers", "web:9", "Annabel", AT, "j2")
    assert annabel == Member(anna.id, "Annabel")
    commits = scene.store.commits
    assert await enrol(scene.store, "readers", "web:9", "Anna", AT, "j1") == annabel
    assert await enrol(scene.store, "readers", "web:9", "Annabel", AT, "j2") == annabel
    assert await scene.store.peek(lambda rows: rows.people.member("readers", "web:9")) == annabel
    assert scene.store.commits == commits


async def test_a_request_to_join_that_changed_nothing_is_known_all_the_same(scene: Scene) -> None:
    assert await enrol(scene.store, "readers", "web:1", "Ann", AT, "j1") == scene.ann
    annabel = await enrol(scene.store, "readers", "web:1", "Annabel", AT, "j2")
    assert await enrol(scene.store, "readers", "web:1", "Ann", AT, "j1") == annabel


async def test_without_a_request_every_name_is_a_new_one(scene: Scene) -> None:
    names = [(await enrol(scene.store, "readers", "web:1", name, AT)).name for name in ("Anna", "Annabel", "Anna")]
    assert names == ["Anna", "Annabel", "Anna"]


async def test_a_request_to_join_one_group_is_unknown_in_another(scene: Scene) -> None:
    await enrol(scene.store, "readers", "web:9", "Anna", AT, "j1")
    await enrol(scene.store, "others", "web:9", "Anya", AT)
    assert (await enrol(scene.store, "others", "web:9", "Anna", AT, "j1")).name == "Anna"


@pytest.mark.parametrize(("account", "name"), [("web:9", "Ann"), ("web:1", "\u200b"), ("web:9", "x" * 41)])
async def test_a_refused_name_leaves_the_request_unknown(scene: Scene, account: str, name: str) -> None:
    with pytest.raises(Refused):
        await enrol(scene.store, "readers", account, name, AT, "j1")
    assert (await enrol(scene.store, "readers", account, "Annabel", AT, "j1")).name == "Annabel"
    assert (await enrol(scene.store, "readers", account, "Anna", AT, "j1")).name == "Annabel", "now it is known"


async def test_a_name_refused_once_may_be_free_when_the_request_comes_again(scene: Scene) -> None:
    with pytest.raises(Refused, match="taken name"):
        await enrol(scene.store, "readers", "web:9", "Ann", AT, "j1")
    await enrol(scene.store, "readers", "web:1", "Annabel", AT)
    assert (await enrol(scene.store, "readers", "web:9", "Ann", AT, "j1")).name == "Ann"


async def test_one_account_in_two_groups_is_one_member_with_a_name_in_each(scene: Scene) -> None:
    guest = await enrol(scene.store, "others", "web:1", "Ann's twin", AT)
    assert guest.id == scene.ann.id
    assert await scene.store.peek(lambda rows: rows.people.member("readers", "web:1")) == scene.ann
    assert await scene.store.peek(lambda rows: rows.people.member("others", "slack:T/2")) is None


@pytest.mark.parametrize("name", ["Ann", "ANN", "Ａｎｎ", " ann ", "A\u200bnn"])
async def test_a_name_that_reads_the_same_is_taken_on_the_web(scene: Scene, name: str) -> None:
    with pytest.raises(Refused, match="taken name"):
        await enrol(scene.store, "readers", "web:9", name, AT)
    assert await scene.store.peek(lambda rows: rows.people.member("readers", "web:9")) is None


async def test_the_same_name_is_free_elsewhere(scene: Scene) -> None:
    assert (await enrol(scene.store, "others", "web:9", "Ann", AT)).name == "Ann"
    assert (await enrol(scene.store, "readers", "slack:T/9", "Ann", AT)).name == "Ann"
    assert (await enrol(scene.store, "readers", "web:10", "Bob", AT)).name == "Bob"


@pytest.mark.parametrize("name", ["", " \n\t ", "\u200b", "\ud800", "x" * 41])
async def test_a_name_must_have_1_to_40_characters_that_show(scene: Scene, name: str) -> None:
    with pytest.raises(Refused, match="bad name"):
        await enrol(scene.store, "readers", "web:9", name, AT)


async def test_a_platforms_long_name_is_cut_since_its_member_cannot_choose_here(scene: Scene) -> None:
    assert (await enrol(scene.store, "readers", "slack:T/9", "x" * 60, AT)).name == "x" * 40


async def test_a_code_makes_its_finder_a_moderator_once(scene: Scene) -> None:
    await scene.store.write(offer_code, "readers", "stale")
    await scene.store.write(offer_code, "readers", "hash")
    assert not await scene.store.act(redeem_code, scene.by(scene.ann), "stale")
    assert await scene.store.act(redeem_code, scene.by(scene.ann, request="r"), "hash")
    assert not await scene.store.act(redeem_code, scene.by(scene.bob), "hash")
    assert await scene.store.peek(lambda rows: rows.people.member("readers", "web:1")) == Member(
        scene.ann.id, "Ann", "moderator"
    )
    (step,) = await scene.store.read(lambda rows: rows.audit.steps("readers", 9))
    assert (step.by, step.action, step.before, step.after) == ("Ann", "role", "member", "moderator")
    assert step.reason == "the one-time code"
    assert await scene.store.act(redeem_code, scene.by(scene.ann, request="r"), "hash"), "the same request once more"


async def test_a_moderator_stays_one_under_another_name(scene: Scene) -> None:
    await scene.store.write(offer_code, "readers", "hash")
    await scene.store.act(redeem_code, scene.by(scene.ann), "hash")
    assert (await enrol(scene.store, "readers", "web:1", "Anna", AT)).role == "moderator"


async def test_a_code_is_no_code_in_another_group(scene: Scene) -> None:
    await scene.store.write(offer_code, "readers", "hash")
    assert not await scene.store.act(redeem_code, scene.by(scene.eve), "hash")


async def test_a_code_is_not_spent_on_somebody_who_is_no_member(scene: Scene) -> None:
    await scene.store.write(offer_code, "others", "hash")
    stranger = scene.by(scene.eve)
    with pytest.raises(Refused, match="stranger"):
        await scene.store.act(redeem_code, type(stranger)("r", "others", scene.ann.id, "web", AT), "hash")
    assert await scene.store.act(redeem_code, stranger, "hash")


async def test_nobody_joins_a_group_that_does_not_exist(store: Store) -> None:
    with pytest.raises(StoreError):
        await enrol(store, "nowhere", "web:1", "Ann", AT)
    with pytest.raises(StoreError):
        await store.write(list_day, digest("nowhere"), [], [], {}, AT)


async def test_a_channel_that_is_no_longer_configured_gets_nothing_more(scene: Scene) -> None:
    await set_groups(scene.store, [GroupSettings(id="readers", channels=("web:readers",)), OTHERS])
    assert await scene.due("slack") == []
    assert await scene.store.read(lambda rows: rows.messages.next_due("slack", AT, AT_ONCE)) is None
    await set_groups(scene.store, [READERS, OTHERS])
    assert len(await scene.due("slack")) == 3


async def test_a_list_goes_only_to_the_channels_that_are_bound(store: Store) -> None:
    await set_groups(store, [READERS])
    await set_groups(store, [GroupSettings(id="readers", channels=("slack:T/C",))])
    await list_papers(store, "readers")
    await set_groups(store, [READERS])
    assert await store.write(take_due, "web", AT, AT_ONCE, 10) == []
    assert len(await lease_all(store, "slack")) == 3


async def test_members_are_found_by_words_of_their_name_the_very_name_first(scene: Scene) -> None:
    for number, name in enumerate(("Annabel", "Ánna", "Joann Bo"), 10):
        await enrol(scene.store, "readers", f"slack:T/{number}", name, AT)

    async def names(words: str, group: str = "readers", limit: int = 9) -> list[str]:
        return [member.name for member in await scene.store.read(find_members, group, words, limit)]

    assert await names("ann") == ["Ann", "Annabel", "Joann Bo"]
    assert await names("ANNABEL") == ["Annabel"]
    assert await names("", limit=2) == ["Ann", "Annabel"]
    assert await names("ann", "others") == await names("%") == []


async def test_the_accounts_of_a_member_are_known_in_their_groups_only(scene: Scene) -> None:
    assert await scene.store.read(lambda rows: rows.people.accounts("readers", scene.bob.id)) == ["slack:T/2"]
    assert await scene.store.read(lambda rows: rows.people.accounts("others", scene.bob.id)) == []
