"""The fake Discord refuses what Discord refuses, in its words, at its limits: messages, threads, pins, reactions."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.fakes.discord import Channel, FakeDiscord, Guild
from tests.fakes.discord.refusals import Json
from tests.fakes.discord.sdk import BareClient, bare_client

THUMB = "%F0%9F%91%8D"


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        server.limits.off()
        yield server


@pytest.fixture
async def api(fake: FakeDiscord) -> AsyncIterator[BareClient]:
    async with bare_client(fake) as client:
        yield client


@pytest.fixture
def guild(fake: FakeDiscord) -> Guild:
    return fake.add_guild("Readers")


@pytest.fixture
def papers(guild: Guild) -> Channel:
    return guild.add_channel("papers")


def wide(size: int) -> str:
    """A text of that many UTF-16 units, most of which are halves of emoji."""
    return "😀" * (size // 2) + "x" * (size % 2)


def embed(**parts: Any) -> Json:
    return {"embeds": [{"title": "t", **parts}]}


def button(**parts: Any) -> Json:
    return {"type": 2, "style": 1, "label": "Vote", "custom_id": "vote", **parts}


def rows(*inner: Json) -> Json:
    return {"content": "c", "components": [{"type": 1, "components": [item]} for item in inner]}


def menu(**parts: Any) -> Json:
    return {"type": 3, "custom_id": "menu", "options": [{"label": "One", "value": "1"}], **parts}


def layout(*inner: Json) -> Json:
    return {"flags": 1 << 15, "components": list(inner)}


def say(text: str) -> Json:
    return {"type": 10, "content": text}


def option(number: int, **parts: Any) -> Json:
    return {"label": f"Option {number}", "value": str(number), **parts}


TEXT_LIMITS: dict[str, tuple[int, Callable[[str], Json]]] = {
    "content": (2000, lambda text: {"content": text}),
    "title": (256, lambda text: embed(title=text)),
    "description": (4096, lambda text: embed(description=text)),
    "field name": (256, lambda text: embed(fields=[{"name": text, "value": "v"}])),
    "field value": (1024, lambda text: embed(fields=[{"name": "n", "value": text}])),
    "footer": (2048, lambda text: embed(footer={"text": text})),
    "author": (256, lambda text: embed(author={"name": text})),
    "all embeds": (6000, lambda text: {"embeds": [{"description": text[:1500]}, {"description": text[1500:]}]}),
    "label": (80, lambda text: rows(button(label=text))),
    "custom_id": (100, lambda text: rows(button(custom_id=text))),
    "placeholder": (150, lambda text: rows(menu(placeholder=text))),
    "option label": (100, lambda text: rows(menu(options=[{"label": text, "value": "1"}]))),
    "option value": (100, lambda text: rows(menu(options=[{"label": "1", "value": text}]))),
    "option description": (100, lambda text: rows(menu(options=[option(1, description=text)]))),
    "layout text": (4000, lambda text: layout(say(text[:1000]), say(text[1000:]))),
    "nonce": (25, lambda text: {"content": "c", "nonce": text}),
}


@pytest.mark.parametrize("what", TEXT_LIMITS)
async def test_a_text_may_reach_its_limit_and_not_pass_it(
    fake: FakeDiscord, api: BareClient, papers: Channel, what: str
) -> None:
    most, build = TEXT_LIMITS[what]
    here = f"/channels/{papers.id}/messages"
    for size in (most - 1, most):
        await api.expect(200, "POST", here, build(wide(size)))
    assert fake.violations == []
    await api.refused(50035, "POST", here, build(wide(most + 1)))
    assert len(fake.violations) == 1
    assert len(papers.messages) == 2


COUNT_LIMITS: dict[str, tuple[int, Callable[[int], Json]]] = {
    "embeds": (10, lambda count: {"embeds": [{"title": "t"}] * count}),
    "fields": (25, lambda count: embed(fields=[{"name": "n", "value": "v"}] * count)),
    "rows": (5, lambda count: rows(*(button(custom_id=f"b{n}") for n in range(count)))),
    "buttons": (
        5,
        lambda count: {"components": [{"type": 1, "components": [button(custom_id=f"b{n}") for n in range(count)]}]},
    ),
    "options": (25, lambda count: rows(menu(options=[option(n) for n in range(count)]))),
    "layout parts": (40, lambda count: layout(*(say("t") for _ in range(count)))),
    "nested layout parts": (
        40,
        lambda count: layout({"type": 17, "components": [say("t") for _ in range(count - 1)]}),
    ),
    "mentioned users": (
        100,
        lambda count: {"content": "c", "allowed_mentions": {"users": [str(n) for n in range(count)]}},
    ),
}


@pytest.mark.parametrize("what", COUNT_LIMITS)
async def test_a_number_of_parts_may_reach_its_limit(api: BareClient, papers: Channel, what: str) -> None:
    most, build = COUNT_LIMITS[what]
    here = f"/channels/{papers.id}/messages"
    for count in (most - 1, most):
        await api.expect(200, "POST", here, build(count))
    await api.refused(50035, "POST", here, build(most + 1))


REFUSED: dict[str, tuple[Json, str]] = {
    "link without url": (rows({"type": 2, "style": 5, "label": "Paper"}), "url"),
    "link with custom_id": (rows(button(style=5, url="https://example.org")), "custom_id"),
    "button without custom_id": (rows({"type": 2, "style": 1, "label": "Vote"}), "custom_id"),
    "button with url": (rows(button(url="https://example.org")), "url"),
    "button without words": (rows({"type": 2, "style": 1, "custom_id": "a"}), "0"),
    "scripted url": (rows({"type": 2, "style": 5, "label": "x", "url": "javascript:alert(1)"}), "url"),
    "long url": (rows({"type": 2, "style": 5, "label": "x", "url": "https://e.org/" + "x" * 499}), "url"),
    "unknown style": (rows(button(style=9)), "style"),
    "same custom_id": (rows(button(), button()), "components"),
    "empty row": ({"content": "c", "components": [{"type": 1, "components": []}]}, "components"),
    "button beside menu": ({"components": [{"type": 1, "components": [button(), menu()]}]}, "components"),
    "two menus": (
        {"components": [{"type": 1, "components": [menu(), menu(custom_id="b")]}]},
        "components",
    ),
    "menu without options": (rows(menu(options=[])), "options"),
    "same option": (rows(menu(options=[option(1), option(1)])), "value"),
    "too many to choose": (rows(menu(max_values=2)), "max_values"),
    "least above most": (rows(menu(options=[option(1), option(2)], min_values=2, max_values=1)), "max_values"),
    "layout without flag": ({"components": [say("t")]}, "type"),
    "flag with content": ({**layout(say("t")), "content": "c"}, "content"),
    "flag with embeds": ({**layout(say("t")), **embed()}, "embeds"),
    "container in container": (
        layout({"type": 17, "components": [{"type": 17, "components": [say("t")]}]}),
        "type",
    ),
    "section without accessory": (layout({"type": 9, "components": [say("t")]}), "accessory"),
    "section of four": (layout({"type": 9, "components": [say("t")] * 4, "accessory": button()}), "components"),
    "empty text": (layout(say("")), "content"),
    "embed of nothing": ({"embeds": [{"color": 1}]}, "description"),
    "field without value": (embed(fields=[{"name": "n", "value": " "}]), "value"),
    "embed with odd url": (embed(url="arxiv.org/abs/1"), "url"),
    "parse and users": ({"content": "c", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
    "nonce to enforce": ({"content": "c", "enforce_nonce": True}, "nonce"),
    "number for a text": ({"content": 5}, "content"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_wrong_body_is_refused_with_the_place(
    fake: FakeDiscord, api: BareClient, papers: Channel, what: str
) -> None:
    body, place = REFUSED[what]
    errors = await api.refused(50035, "POST", f"/channels/{papers.id}/messages", body)
    assert f"'{place}'" in str(errors)
    assert len(fake.violations) == 1
    assert papers.messages == []


@pytest.mark.parametrize("body", [{}, {"content": " \n"}, {"content": None, "embeds": []}, {"components": []}])
async def test_an_empty_message_is_refused(api: BareClient, papers: Channel, body: Json) -> None:
    await api.refused(50006, "POST", f"/channels/{papers.id}/messages", body)
    sent = await api.expect(200, "POST", f"/channels/{papers.id}/messages", {"content": "c"})
    await api.refused(50006, "PATCH", f"/channels/{papers.id}/messages/{sent['id']}", {"content": ""})


async def test_the_same_nonce_gives_the_first_message(fake: FakeDiscord, api: BareClient, papers: Channel) -> None:
    here = f"/channels/{papers.id}/messages"
    first = await api.expect(200, "POST", here, {"content": "one", "nonce": "day-1", "enforce_nonce": True})
    again = await api.expect(200, "POST", here, {"content": "two", "nonce": "day-1", "enforce_nonce": True})
    assert (again["id"], again["content"], again["nonce"]) == (first["id"], "one", "day-1")
    await api.expect(200, "POST", here, {"content": "not enforced", "nonce": "day-2"})
    await api.expect(200, "POST", here, {"content": "not enforced", "nonce": "day-2"})
    assert len(papers.messages) == 3
    assert "nonce" not in await api.expect(200, "GET", f"{here}/{first['id']}")
    papers.messages[0].is_deleted_by(guild_owner(papers))
    await api.refused(10008, "POST", here, {"content": "one", "nonce": "day-1", "enforce_nonce": True})
    fake.moves(301)
    later = await api.expect(200, "POST", here, {"content": "one", "nonce": "day-1", "enforce_nonce": True})
    assert later["id"] != first["id"]


def guild_owner(channel: Channel) -> Any:
    assert channel.guild is not None
    return channel.guild.owner


PINGS: dict[str, tuple[str, Json | None, set[str]]] = {
    "all by default": ("<@{ann}> <@&{open}> @everyone", None, {"ann", "open", "everyone"}),
    "none": ("<@{ann}> <@&{open}> @everyone @here", {"parse": []}, set()),
    "users only": ("<@{ann}> <@!{bob}> <@&{open}> @here", {"parse": ["users"]}, {"ann", "bob"}),
    "one user": ("<@{ann}> <@{bob}>", {"users": ["{ann}"]}, {"ann"}),
    "a user who is not named": ("hello", {"users": ["{ann}"]}, set()),
    "one role": ("<@&{open}> <@&{shut}>", {"roles": ["{open}"]}, {"open"}),
    "everyone by their role": ("<@&{everyone}>", None, {"everyone"}),
    "in code": ("`<@{ann}>`", None, {"ann"}),
    "nobody there": ("<@1> <@&2>", None, set()),
}


@pytest.mark.parametrize("what", PINGS)
async def test_who_is_pinged(fake: FakeDiscord, api: BareClient, guild: Guild, papers: Channel, what: str) -> None:
    text, allowed, expected = PINGS[what]
    ids = {
        "ann": guild.add_member("Ann").id,
        "bob": guild.add_member("Bob").id,
        "open": guild.add_role("open", mentionable=True).id,
        "shut": guild.add_role("shut").id,
        "everyone": guild.id,
    }
    if allowed:
        allowed = {kind: [item.format(**ids) for item in items] for kind, items in allowed.items()}
    body = {"content": text.format(**ids), **({"allowed_mentions": allowed} if allowed else {})}
    await api.expect(200, "POST", f"/channels/{papers.id}/messages", body)
    wanted = {name if name == "everyone" else ids[name] for name in expected}
    assert papers.messages[0].pinged == wanted


async def test_embeds_ping_nobody_but_layouts_do(api: BareClient, guild: Guild, papers: Channel) -> None:
    ann = guild.add_member("Ann")
    here = f"/channels/{papers.id}/messages"
    await api.expect(200, "POST", here, embed(title="@everyone", description=f"<@{ann.id}>"))
    await api.expect(200, "POST", here, layout(say(f"@everyone <@{ann.id}>")))
    await api.expect(200, "PATCH", f"{here}/{papers.messages[0].id}", {"content": f"<@{ann.id}>"})
    assert [message.pinged for message in papers.messages] == [set(), {"everyone", ann.id}]


async def test_without_the_right_to_it_everyone_and_closed_roles_are_not_pinged(
    api: BareClient, guild: Guild, papers: Channel
) -> None:
    role = guild.add_role("shut")
    papers.denies("mention_everyone")
    await api.expect(200, "POST", f"/channels/{papers.id}/messages", {"content": f"@everyone <@&{role.id}>"})
    assert papers.messages[0].pinged == set()


async def test_a_reply_pings_whom_it_answers_unless_told_otherwise(
    api: BareClient, guild: Guild, papers: Channel
) -> None:
    ann = guild.add_member("Ann")
    said = await ann.says(papers, "a question")
    here = f"/channels/{papers.id}/messages"
    reply = {"content": "an answer", "message_reference": {"message_id": str(said.id)}}
    await api.expect(200, "POST", here, reply)
    await api.expect(200, "POST", here, {**reply, "allowed_mentions": {"parse": ["users"]}})
    await api.expect(200, "POST", here, {**reply, "allowed_mentions": {"replied_user": True}})
    assert [message.pinged for message in papers.messages[1:]] == [{ann.id}, set(), {ann.id}]
    await api.refused(50035, "POST", here, {**reply, "message_reference": {"message_id": "1"}})


ALLOWED: dict[str, tuple[str, str, str, Json | None]] = {
    "send": ("send_messages", "POST", "/messages", {"content": "c"}),
    "embed": ("embed_links", "POST", "/messages", {"embeds": [{"title": "t"}]}),
    "history": ("read_message_history", "GET", "/messages/{message}", None),
    "react": ("add_reactions", "PUT", f"/messages/{{message}}/reactions/{THUMB}/@me", None),
    "unreact another": ("manage_messages", "DELETE", f"/messages/{{message}}/reactions/{THUMB}/{{ann}}", None),
    "delete another's": ("manage_messages", "DELETE", "/messages/{message}", None),
    "pin": ("pin_messages", "PUT", "/messages/pins/{message}", None),
    "thread": ("create_public_threads", "POST", "/messages/{message}/threads", {"name": "n"}),
    "private thread": ("create_private_threads", "POST", "/threads", {"name": "n", "type": 12}),
}


@pytest.mark.parametrize("what", ALLOWED)
async def test_each_permission_is_needed(api: BareClient, guild: Guild, papers: Channel, what: str) -> None:
    permission, method, path, body = ALLOWED[what]
    ann = guild.add_member("Ann")
    said = await ann.says(papers, "hello")
    await ann.reacts(said, "👍" if "another" in what else "👎")
    url = f"/channels/{papers.id}" + path.format(message=said.id, ann=ann.id)
    papers.denies("view_channel")
    await api.refused(50001, method, url, body)
    papers.allows("view_channel")
    papers.denies(permission)
    await api.refused(50013, method, url, body)
    papers.allows(permission)
    status, _ = await api(method, url, body)
    assert status < 300


async def test_history_without_the_right_is_empty(api: BareClient, papers: Channel) -> None:
    await api.expect(200, "POST", f"/channels/{papers.id}/messages", {"content": "c"})
    papers.denies("read_message_history")
    assert await api.expect(200, "GET", f"/channels/{papers.id}/messages") == []


async def test_history_is_read_in_windows(api: BareClient, papers: Channel) -> None:
    here = f"/channels/{papers.id}/messages"
    ids = [(await api.expect(200, "POST", here, {"content": str(n)}))["id"] for n in range(10)]

    async def read(**query: Any) -> str:
        return "".join(message["content"] for message in await api.expect(200, "GET", here, **query))

    assert await read() == "9876543210"
    assert await read(limit=3) == "987"
    assert await read(limit=3, before=ids[5]) == "432"
    assert await read(limit=3, after=ids[5]) == "876"
    assert await read(limit=3, around=ids[5]) == "654"
    for query in ({"limit": 0}, {"limit": 101}, {"before": "x"}):
        await api.refused(50035, "GET", here, **query)


async def test_who_reacted_is_read_in_pages(api: BareClient, guild: Guild, papers: Channel) -> None:
    people = [guild.add_member(f"Member {n}") for n in range(5)]
    said = await people[0].says(papers, "hello")
    for member in people:
        await member.reacts(said, "👍")
    url = f"/channels/{papers.id}/messages/{said.id}/reactions/{THUMB}"
    first = await api.expect(200, "GET", url, limit=3)
    rest = await api.expect(200, "GET", url, limit=3, after=first[-1]["id"])
    assert [user["id"] for user in first + rest] == [str(member.id) for member in people]
    await api.refused(50035, "GET", url, limit=101)


async def test_reactions_have_their_rules(fake: FakeDiscord, api: BareClient, guild: Guild, papers: Channel) -> None:
    ann = guild.add_member("Ann")
    said = await ann.says(papers, "hello")
    url = f"/channels/{papers.id}/messages/{said.id}/reactions"
    for word in ("vote", "1", "a:1"):
        await api.refused(10014, "PUT", f"{url}/{word}/@me")
    for number in range(20):
        await ann.reacts(said, chr(0x1F600 + number))
    await api.refused(30010, "PUT", f"{url}/{THUMB}/@me")
    await api.expect(204, "PUT", f"{url}/%F0%9F%98%80/@me")  # one that is there already
    assert said.reactions["😀"] == {"Ann", "Paperclub"}
    await api.expect(204, "DELETE", f"{url}/%F0%9F%98%80/{ann.id}")
    assert said.reactions["😀"] == {"Paperclub"}
    await api.expect(204, "DELETE", url)
    assert said.reactions == {}


async def test_only_ones_own_message_is_edited(api: BareClient, guild: Guild, papers: Channel) -> None:
    said = await guild.add_member("Ann").says(papers, "hello")
    await api.refused(50005, "PATCH", f"/channels/{papers.id}/messages/{said.id}", {"content": "c"})
    await api.refused(10008, "PATCH", f"/channels/{papers.id}/messages/1", {"content": "c"})


async def test_the_layout_flag_can_not_be_mixed_later(api: BareClient, papers: Channel) -> None:
    here = f"/channels/{papers.id}/messages"
    sent = await api.expect(200, "POST", here, layout(say("t")))
    await api.refused(50035, "PATCH", f"{here}/{sent['id']}", {"content": "c"})
    await api.expect(200, "PATCH", f"{here}/{sent['id']}", {"components": [say("later")]})
    assert papers.messages[0].text == "later"


async def test_words_of_others_are_hidden_without_the_intent(
    fake: FakeDiscord, api: BareClient, guild: Guild, papers: Channel
) -> None:
    said = await guild.add_member("Ann").says(papers, "a secret")
    url = f"/channels/{papers.id}/messages/{said.id}"
    assert (await api.expect(200, "GET", url))["content"] == ""
    fake.gateway.privileged.add("message_content")
    assert (await api.expect(200, "GET", url))["content"] == "a secret"


async def test_a_message_has_one_thread(api: BareClient, papers: Channel) -> None:
    sent = await api.expect(200, "POST", f"/channels/{papers.id}/messages", {"content": "card"})
    url = f"/channels/{papers.id}/messages/{sent['id']}/threads"
    thread = await api.expect(201, "POST", url, {"name": wide(100)})
    assert thread["id"] == sent["id"]
    await api.refused(160004, "POST", url, {"name": "again"})
    for name in ("", wide(101)):
        await api.refused(50035, "POST", url, {"name": name})
    await api.refused(50035, "POST", url, {"name": "n", "auto_archive_duration": 5})


async def test_an_archived_thread_takes_new_messages_only(fake: FakeDiscord, api: BareClient, papers: Channel) -> None:
    sent = await api.expect(200, "POST", f"/channels/{papers.id}/messages", {"content": "card"})
    await api.expect(201, "POST", f"/channels/{papers.id}/messages/{sent['id']}/threads", {"name": "n"})
    (thread,) = papers.threads
    here = f"/channels/{thread.id}/messages"
    said = await api.expect(200, "POST", here, {"content": "c"})
    thread.archives()
    await api.refused(50083, "PATCH", f"{here}/{said['id']}", {"content": "d"})
    await api.refused(50083, "PUT", f"{here}/{said['id']}/reactions/{THUMB}/@me")
    await api.refused(50083, "PATCH", f"/channels/{thread.id}", {"name": "m"})
    await api.expect(200, "POST", here, {"content": "wakes it"})
    assert not thread.is_archived
    thread.archives(locked=True)
    await api.refused(160005, "POST", here, {"content": "c"})
    await api.refused(50013, "PATCH", f"/channels/{thread.id}", {"archived": False})
    thread.reopens()
    await api.refused(50013, "PATCH", f"/channels/{thread.id}", {"locked": True})
    papers.allows("manage_threads")
    await api.expect(200, "PATCH", f"/channels/{thread.id}", {"locked": True, "archived": True})
    assert fake.violations == []


async def test_a_quiet_thread_closes_by_itself(fake: FakeDiscord, api: BareClient, papers: Channel) -> None:
    body = {"name": "n", "type": 11, "auto_archive_duration": 60}
    await api.expect(201, "POST", f"/channels/{papers.id}/threads", body)
    fake.moves(3599)
    assert not papers.threads[0].is_archived
    fake.moves(2)
    assert papers.threads[0].is_archived


async def test_a_forum_takes_posts_only(api: BareClient, guild: Guild) -> None:
    forum = guild.add_channel("forum", "forum", tags=[f"tag {n}" for n in range(6)], requires_tag=True)
    url = f"/channels/{forum.id}/threads"
    tags = [str(tag.id) for tag in forum.tags]
    body = {"name": "n", "message": {"content": "c"}}
    await api.refused(40058, "POST", f"/channels/{forum.id}/messages", {"content": "c"})
    await api.refused(50035, "POST", url, {"name": "n"})
    await api.refused(40067, "POST", url, body)
    await api.refused(50035, "POST", url, {**body, "applied_tags": tags})
    await api.refused(50035, "POST", url, {**body, "applied_tags": ["1"]})
    await api.refused(50006, "POST", url, {"name": "n", "message": {}, "applied_tags": tags[:1]})
    await api.refused(50035, "POST", url, {"name": "n", "message": {"content": wide(2001)}, "applied_tags": tags[:1]})
    post = await api.expect(201, "POST", url, {**body, "applied_tags": tags[:5]})
    assert post["message"]["id"] == post["id"]
    assert forum.threads[0].applied_tags == ["tag 0", "tag 1", "tag 2", "tag 3", "tag 4"]


async def test_what_is_gone_is_unknown(api: BareClient, guild: Guild, papers: Channel) -> None:
    sent = await api.expect(200, "POST", f"/channels/{papers.id}/messages", {"content": "c"})
    papers.messages[0].is_deleted_by(guild.owner)
    await api.refused(10008, "PATCH", f"/channels/{papers.id}/messages/{sent['id']}", {"content": "d"})
    guild.delete_channel(papers)
    await api.refused(10003, "POST", f"/channels/{papers.id}/messages", {"content": "d"})
    await api.refused(10007, "GET", f"/guilds/{guild.id}/members/{await leaver(guild)}")
    guild.kicks_bot()
    await api.refused(10004, "GET", f"/guilds/{guild.id}")
    await api.refused(50001, "GET", f"/guilds/{guild.id}/channels")


async def leaver(guild: Guild) -> int:
    ann = guild.add_member("Ann")
    ann.leaves()
    return ann.id


async def test_a_direct_message_needs_a_shared_server_and_good_will(
    api: BareClient, guild: Guild, fake: FakeDiscord
) -> None:
    ann = guild.add_member("Ann")
    dm = await api.expect(200, "POST", "/users/@me/channels", {"recipient_id": str(ann.id)})
    again = await api.expect(200, "POST", "/users/@me/channels", {"recipient_id": str(ann.id)})
    assert dm["id"] == again["id"]
    await api.expect(200, "POST", f"/channels/{dm['id']}/messages", {"content": "c"})
    ann.blocks_bot()
    await api.refused(50007, "POST", f"/channels/{dm['id']}/messages", {"content": "c"})
    ann.blocks_bot(False)
    ann.leaves()
    await api.refused(50007, "POST", f"/channels/{dm['id']}/messages", {"content": "c"})
    await api.refused(50035, "POST", "/users/@me/channels", {"recipient_id": str(fake.application_id)})


async def test_pins_leave_a_note_and_end_at_their_limit(
    api: BareClient, guild: Guild, papers: Channel, fake: FakeDiscord
) -> None:
    sent = await api.expect(200, "POST", f"/channels/{papers.id}/messages", {"content": "c"})
    for _ in range(2):
        await api.expect(204, "PUT", f"/channels/{papers.id}/pins/{sent['id']}")
    assert "(pinned a message)" in papers.transcript()
    note = list(papers.history)[-1]
    await api.refused(50021, "PUT", f"/channels/{papers.id}/messages/pins/{note}")
    for number in range(249):
        fake.world.posts.pin(await guild.owner.says(papers, str(number)), guild.owner.user)
    last = await guild.owner.says(papers, "one more")
    await api.refused(30003, "PUT", f"/channels/{papers.id}/messages/pins/{last.id}")
    found = await api.expect(200, "GET", f"/channels/{papers.id}/messages/pins", limit=50)
    assert (len(found["items"]), found["has_more"]) == (50, True)


async def test_the_token_is_checked(fake: FakeDiscord, api: BareClient) -> None:
    for header in ("", "Bot wrong", fake.token, f"Bearer {fake.token}"):
        api.headers = {"Authorization": header}
        assert await api.expect(401, "GET", "/users/@me") == {"message": "401: Unauthorized", "code": 0}
    assert len(fake.requests) == 4
    assert fake.token not in str(fake.requests)


async def test_the_form_of_answers_and_of_requests(fake: FakeDiscord, api: BareClient, papers: Channel) -> None:
    await api.expect(200, "GET", "/users/@me")
    assert api.answer_headers["Content-Type"] == "application/json"
    url = f"{fake.url}/channels/{papers.id}/messages"
    async with api.session.post(url, data=b"{", headers={**api.headers, "Content-Type": "application/json"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, 50109)
    async with api.session.post(url, data=b"content=c", headers=api.headers) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, 50035)
    await api.refused(50035, "GET", "/channels/papers")


async def test_an_unknown_route_is_a_violation(fake: FakeDiscord, api: BareClient) -> None:
    assert (await api("GET", "/papers"))[0] == 404
    assert (await api("DELETE", "/users/@me"))[0] == 404
    async with api.session.get(fake.url.replace("v10", "v9") + "/users/@me") as answer:
        assert answer.status == 404
    assert len(fake.violations) == 3
