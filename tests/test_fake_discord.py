"""People talk with a bot made with the real discord.py, through the fake Discord."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from tests.fakes.discord import Channel, ClientRefusal, FakeDiscord, Guild, Member, NeverHappened, NoAnswer
from tests.fakes.discord.sdk import running

Press = discord.Interaction[discord.Client]
TITLES = {"diffusion": "Diffusion in a Day", "small": "Small Models"}


class Clerk(discord.AutoShardedClient):
    """A bot with one of everything. It registers its commands and notes what it hears."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        chosen = intents or discord.Intents(guilds=True, guild_reactions=True, guild_messages=True)
        super().__init__(intents=chosen, allowed_mentions=discord.AllowedMentions.none(), guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[Any] = []

    async def setup_hook(self) -> None:
        self.tree.add_command(papers_group())
        self.tree.add_command(app_commands.Command(name="who", description="names one", callback=who))
        self.tree.add_command(app_commands.ContextMenu(name="Save to list", callback=save))
        self.tree.add_command(moderate)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Without the 5 s that the library waits."""

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self.heard.append(("+", str(event.emoji), event.member and event.member.display_name))

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        self.heard.append(("-", str(event.emoji), event.user_id))

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append((message.author.display_name, message.content))


class Cards(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Vote 3", custom_id="vote")
    async def vote(self, press: Press, button: ui.Button["Cards"]) -> None:
        button.label = "Vote 4"
        await press.response.edit_message(content="4 votes", view=self)

    @ui.button(label="Summary", custom_id="summary")
    async def summary(self, press: Press, _: ui.Button["Cards"]) -> None:
        await press.response.send_message("In one sentence.", ephemeral=True)

    @ui.button(label="Nothing", custom_id="nothing")
    async def nothing(self, press: Press, _: ui.Button["Cards"]) -> None:
        await press.response.defer()

    @ui.button(label="Shut", custom_id="shut", disabled=True)
    async def shut(self, press: Press, _: ui.Button["Cards"]) -> None:
        raise AssertionError

    @ui.select(placeholder="Pick a paper", options=[discord.SelectOption(label=t, value=k) for k, t in TITLES.items()])
    async def pick(self, press: Press, menu: ui.Select["Cards"]) -> None:
        await press.response.send_message(f"picked {menu.values[0]}", ephemeral=True)

    @ui.select(cls=ui.UserSelect, placeholder="Who presents", max_values=2)
    async def presenter(self, press: Press, menu: ui.UserSelect["Cards"]) -> None:
        await press.response.send_message(", ".join(user.display_name for user in menu.values), ephemeral=True)


class Submission(ui.Modal, title="Submit a paper"):
    link: ui.Label["Submission"] = ui.Label(text="Link", component=ui.TextInput(custom_id="link", max_length=40))
    why: ui.Label["Submission"] = ui.Label(text="Why", component=ui.TextInput(custom_id="why", required=False))
    week: ui.Label["Submission"] = ui.Label(
        text="Week",
        component=ui.RadioGroup(
            custom_id="week", options=[discord.RadioGroupOption(label=f"Week {n}", value=str(n)) for n in (1, 2)]
        ),
    )

    async def on_submit(self, press: Press) -> None:
        parts = [self.link.component, self.why.component, self.week.component]
        said = [getattr(part, "value", "?") for part in parts]
        await press.response.send_message(" | ".join(map(str, said)), ephemeral=True)


def papers_group() -> app_commands.Group:
    group = app_commands.Group(name="paper", description="papers")

    @group.command(description="finds papers")
    async def search(press: Press, query: str, days: app_commands.Range[int, 1, 30] = 7) -> None:
        await press.response.defer(ephemeral=True)
        await press.followup.send(f"{query} in {days} days", view=Cards())

    @group.command(description="shows one")
    async def show(press: Press, paper: app_commands.Range[str, 2, 20]) -> None:
        embed = discord.Embed(title=TITLES.get(paper, "?"), description="A sentence.").set_footer(text="3 votes")
        await press.response.send_message(embed=embed, view=Cards())

    @show.autocomplete("paper")
    async def complete(press: Press, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=title, value=key) for key, title in TITLES.items() if typed in key]

    @group.command(description="a form")
    async def submit(press: Press) -> None:
        await press.response.send_modal(Submission())

    @group.command(description="what is popular")
    @app_commands.choices(window=[app_commands.Choice(name="This week", value="week")])
    async def trending(press: Press, window: app_commands.Choice[str]) -> None:
        await press.response.send_message(f"trending {window.value}", ephemeral=True)

    @group.command(description="says nothing")
    async def sleep(press: Press) -> None:
        await asyncio.sleep(0)

    @group.command(description="promises only")
    async def promise(press: Press) -> None:
        await press.response.defer(thinking=True)

    return group


async def who(press: Press, member: discord.Member, place: discord.TextChannel) -> None:
    rights = press.permissions.manage_events, press.app_permissions.manage_messages
    await press.response.send_message(f"{member.display_name} in {place.name} {rights} {press.locale}", ephemeral=True)


async def save(press: Press, message: discord.Message) -> None:
    await press.response.send_message(f"saved: {message.content or message.embeds[0].title}", ephemeral=True)


@app_commands.command(name="paper-admin", description="for moderators")
@app_commands.default_permissions(manage_events=True)
@app_commands.guild_only()
async def moderate(press: Press) -> None:
    await press.response.send_message("done", ephemeral=True)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server
        assert server.violations == []


@pytest.fixture
def guild(fake: FakeDiscord) -> Guild:
    return fake.add_guild("Readers", locale="de")


@pytest.fixture
def papers(guild: Guild) -> Channel:
    return guild.add_channel("papers")


@pytest.fixture
def ann(guild: Guild) -> Member:
    return guild.add_member("Ann", permissions={"manage_events"}, locale="en-GB")


@pytest.fixture
def bob(guild: Guild) -> Member:
    return guild.add_member("Bob")


@pytest.fixture
async def clerk(fake: FakeDiscord, papers: Channel, ann: Member, bob: Member) -> AsyncIterator[Clerk]:
    async with running(fake, Clerk()) as client:
        yield client


async def test_a_typed_command_is_deferred_and_then_answered_privately(
    clerk: Clerk, ann: Member, papers: Channel
) -> None:
    answer = await ann.types(papers, "/paper search", query="diffusion", days=3)
    assert (answer.kind, answer.is_private, answer.text) == ("deferred", True, "diffusion in 3 days")
    assert 0 < answer.took < 1
    assert papers.messages == []


async def test_an_answer_to_all_stands_in_the_channel(clerk: Clerk, ann: Member, papers: Channel) -> None:
    answer = await ann.types(papers, "/paper show", paper="small")
    assert not answer.is_private
    assert papers.messages == [answer.message]
    assert answer.text == "Small Models\nA sentence.\n3 votes"
    assert answer.buttons == ["Vote 3", "Summary", "Nothing", "Shut"]
    assert answer.selects == ["Pick a paper", "Who presents"]
    assert "[Vote 3]" in papers.transcript()


async def test_choices_come_while_typing(clerk: Clerk, ann: Member, papers: Channel) -> None:
    choices = await ann.completes(papers, "/paper show", paper="diffu")
    assert [(choice.name, choice.value) for choice in choices] == [("Diffusion in a Day", "diffusion")]


async def test_buttons_on_public_and_on_private_messages(
    clerk: Clerk, ann: Member, bob: Member, papers: Channel
) -> None:
    public = await ann.types(papers, "/paper show", paper="small")
    assert (await bob.presses(public, "Vote")).kind == "update"
    assert (public.content, public.buttons[0]) == ("4 votes", "Vote 4")
    assert public.message is not None
    assert public.message.edited
    private = await ann.types(papers, "/paper search", query="x")
    await ann.presses(private, "Vote")
    assert private.content == "4 votes"
    assert (await bob.presses(public, "Summary")).is_private
    assert (await bob.presses(public, "Nothing")).kind == "update"


async def test_menus_take_values_labels_and_people(clerk: Clerk, ann: Member, bob: Member, papers: Channel) -> None:
    shown = await ann.types(papers, "/paper show", paper="small")
    assert (await ann.chooses(shown, "Pick", "Small Models")).text == "picked small"
    assert (await ann.chooses(shown, "Pick", "diffusion")).text == "picked diffusion"
    assert (await ann.chooses(shown, "Who", ann, bob)).text == "Ann, Bob"


async def test_a_form_is_filled_by_label_or_id(clerk: Clerk, ann: Member, papers: Channel) -> None:
    opened = await ann.types(papers, "/paper submit")
    assert opened.kind == "modal"
    assert opened.modal is not None
    assert (opened.modal.title, opened.modal.labels) == ("Submit a paper", ["Link", "Why", "Week"])
    answer = await ann.submits(opened.modal, {"Link": "arxiv.org/abs/1", "week": "Week 2"})
    assert answer.text == "arxiv.org/abs/1 |  | 2"
    for values in (
        {"Link": "x" * 41, "week": "1"},
        {"week": "1"},
        {"Link": "x"},
        {"Link": "x", "week": "1", "Who": "y"},
    ):
        with pytest.raises(ClientRefusal):
            await ann.submits(opened.modal, values)


async def test_a_context_menu_shows_the_bot_the_message(
    clerk: Clerk, ann: Member, bob: Member, papers: Channel
) -> None:
    said = await bob.says(papers, "read this")
    answer = await ann.uses("Save to list", said)
    assert answer.text == "saved: read this"


async def test_the_bot_is_told_who_asks_and_where(clerk: Clerk, ann: Member, bob: Member, papers: Channel) -> None:
    answer = await ann.types(papers, "/who", member=bob, place=papers)
    assert answer.text == "Bob in papers (True, True) en-GB"
    answer = await bob.types(papers, "/who", member=ann, place=papers)
    assert answer.text == "Ann in papers (False, True) en-US"


async def test_choices_of_a_command_are_given_by_name_or_value(clerk: Clerk, ann: Member, papers: Channel) -> None:
    for window in ("This week", "week"):
        assert (await ann.types(papers, "/paper trending", window=window)).text == "trending week"


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("/papers search", {}),
        ("/paper find", {}),
        ("/paper", {}),
        ("/paper search", {}),
        ("/paper search", {"query": "x", "weeks": 1}),
        ("/paper search", {"query": 5}),
        ("/paper search", {"query": " "}),
        ("/paper search", {"query": "x", "days": 31}),
        ("/paper search", {"query": "x", "days": True}),
        ("/paper show", {"paper": "x"}),
        ("/paper show", {"paper": "x" * 21}),
        ("/paper trending", {"window": "month"}),
        ("/who", {"member": "Bob"}),
        ("/paper-admin", {}),
    ],
)
async def test_what_the_client_would_not_send_is_refused(
    fake: FakeDiscord, clerk: Clerk, bob: Member, papers: Channel, command: str, options: dict[str, Any]
) -> None:
    with pytest.raises(ClientRefusal):
        await bob.types(papers, command, **options)
    assert not any(seen.path.startswith("/interactions") for seen in fake.requests)


async def test_a_command_for_moderators_is_there_for_them(
    fake: FakeDiscord, guild: Guild, clerk: Clerk, ann: Member, papers: Channel
) -> None:
    assert (await ann.types(papers, "/paper-admin")).text == "done"
    assert (await guild.owner.types(papers, "/paper-admin")).text == "done"
    with pytest.raises(ClientRefusal, match="does not see"):
        await ann.types(ann.dms, "/paper-admin")


async def test_what_can_not_be_pressed(clerk: Clerk, ann: Member, bob: Member, papers: Channel) -> None:
    private = await ann.types(papers, "/paper search", query="x")
    for who_presses, label in ((bob, "Vote"), (ann, "Shut"), (ann, "Claim")):
        with pytest.raises(ClientRefusal):
            await who_presses.presses(private, label)
    ann.dismisses(private)
    with pytest.raises(ClientRefusal):
        await ann.presses(private, "Vote")


async def test_silence_and_an_unkept_promise_are_told_apart(clerk: Clerk, ann: Member, papers: Channel) -> None:
    with pytest.raises(NoAnswer, match="The application did not respond"):
        await ann.types(papers, "/paper sleep", within=0.05)
    answer = await ann.types(papers, "/paper promise", first_only=True)
    assert answer.is_thinking
    with pytest.raises(NeverHappened, match="is thinking"):
        await ann.finishes(answer, within=0.05)


async def test_reactions_are_heard_with_who_made_them(
    fake: FakeDiscord, clerk: Clerk, ann: Member, papers: Channel
) -> None:
    message = await ann.says(papers, "vote here")
    await ann.reacts(message, "👍")
    await ann.reacts(message, "👍")
    await ann.unreacts(message, "👍")
    await fake.until(lambda: len(clerk.heard) == 3)
    assert clerk.heard[1:] == [("+", "👍", "Ann"), ("-", "👍", ann.id)]
    assert message.reactions == {}


async def test_without_the_intent_the_words_of_others_are_missing(
    fake: FakeDiscord, clerk: Clerk, ann: Member, papers: Channel
) -> None:
    await ann.says(papers, "a secret")
    await ann.says(papers, f"<@{fake.world.bot.id}> hello")
    await ann.says(ann.dms, "unheard: the bot asked for no direct messages")
    await fake.until(lambda: len(clerk.heard) == 2)
    assert clerk.heard == [("Ann", ""), ("Ann", f"<@{fake.world.bot.id}> hello")]


async def test_the_bot_posts_edits_reacts_threads_and_pins(fake: FakeDiscord, clerk: Clerk, papers: Channel) -> None:
    channel = clerk.get_channel(papers.id) or await clerk.fetch_channel(papers.id)
    assert isinstance(channel, discord.TextChannel)
    sent = await channel.send("today", view=Cards(), nonce="day-1")
    await sent.edit(content="today, later")
    await sent.add_reaction("👍")
    await sent.pin()
    thread = await sent.create_thread(name="Small Models")
    await thread.send("what it is about")
    (message,) = papers.messages
    assert (message.text, message.nonce, message.reactions) == ("today, later", "day-1", {"👍": {"Paperclub"}})
    assert message.thread is not None
    assert [said.text for said in message.thread.messages] == ["what it is about"]
    assert papers.pinned == [message]
    assert [pin.id async for pin in channel.pins()] == [message.id]
    assert [found.type.name async for found in channel.history()] == ["pins_add", "default"]
    await thread.edit(archived=True)
    assert message.thread.is_archived


async def test_a_layout_of_the_second_kind(fake: FakeDiscord, clerk: Clerk, ann: Member, papers: Channel) -> None:
    class Layout(ui.LayoutView):
        card: ui.Container["Layout"] = ui.Container(
            ui.TextDisplay("# Today"),
            ui.Section(ui.TextDisplay("Small Models"), accessory=ui.Button(label="Vote", custom_id="vote")),
        )

    channel = await clerk.fetch_channel(papers.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send(view=Layout())
    (message,) = papers.messages
    assert (message.text, message.buttons) == ("# Today\nSmall Models", ["Vote"])


async def test_a_meeting_is_scheduled_and_members_want_to_come(
    fake: FakeDiscord, guild: Guild, clerk: Clerk, ann: Member
) -> None:
    start = fake.clock() + timedelta(days=1)
    found = clerk.get_guild(guild.id)
    assert found is not None
    event = await found.create_scheduled_event(
        name="Reading group",
        start_time=start,
        end_time=start + timedelta(hours=1),
        entity_type=discord.EntityType.external,
        location="Room 2.01",
        privacy_level=discord.PrivacyLevel.guild_only,
    )
    ann.subscribes(guild.events[event.id])
    assert [user.display_name async for user in event.users()] == ["Ann"]
    await event.edit(name="Reading group, moved")
    assert [held.name for held in guild.events.values()] == ["Reading group, moved"]


async def test_a_direct_message_may_be_blocked(fake: FakeDiscord, clerk: Clerk, ann: Member) -> None:
    user = await clerk.fetch_user(ann.id)
    await user.send("your claim")
    assert [message.text for message in ann.dms.messages] == ["your claim"]
    ann.blocks_bot()
    with pytest.raises(discord.Forbidden) as refusal:
        await user.send("again")
    assert refusal.value.code == 50007


async def test_commands_are_used_in_threads_and_in_direct_messages(
    fake: FakeDiscord, clerk: Clerk, ann: Member, papers: Channel
) -> None:
    channel = await clerk.fetch_channel(papers.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await (await channel.send("card")).create_thread(name="Talk")
    answer = await ann.types(papers.threads[0], "/paper show", paper="small")
    assert answer.message is not None
    assert answer.message.channel.id == thread.id
    answer = await ann.types(ann.dms, "/paper show", paper="small")
    assert ann.dms.messages == [answer.message]


async def test_the_bot_is_thrown_out_and_comes_back(
    fake: FakeDiscord, guild: Guild, clerk: Clerk, papers: Channel
) -> None:
    guild.kicks_bot()
    await fake.until(lambda: clerk.get_guild(guild.id) is None)
    with pytest.raises(discord.Forbidden) as refusal:
        await clerk.fetch_channel(papers.id)
    assert refusal.value.code == 50001
    with pytest.raises(discord.NotFound):
        await clerk.fetch_guild(guild.id)
    guild.invites_bot()
    await fake.until(lambda: clerk.get_guild(guild.id))
    assert (await clerk.fetch_channel(papers.id)).id == papers.id
