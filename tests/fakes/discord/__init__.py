"""Discord on 127.0.0.1, for the real discord.py: REST, gateway, limits, faults, and people who use the bot.

    async with FakeDiscord() as discord:              # discord.token, .url, .gateway_url, .application_id
        guild = discord.add_guild("Readers")
        papers = guild.add_channel("papers")          # kind="text" | "news" | "voice" | "forum", tags=["week 1"]
        ann = guild.add_member("Ann", permissions={"manage_events"}, locale="en-GB")
        ...                                           # start the bot on discord.url
        await discord.connected()
        answer = await ann.types(papers, "/paper search", query="diffusion")
        assert answer.is_private and "Diffusion" in answer.text
        choices = await ann.completes(papers, "/paper show", paper="diffu")   # the last option is the one being typed
        answer = await ann.presses(papers.messages[0], "Vote")                # message or answer; nth= among several
        answer = await ann.chooses(answer, "Pick a paper", "First title")     # menu by placeholder or custom_id
        answer = await ann.submits(answer.modal, {"Link": "https://arxiv.org/abs/2501.01234"})
        answer = await ann.uses("Save to reading list", papers.messages[0])   # context menu
        await ann.reacts(papers.messages[0], "👍"); await ann.unreacts(papers.messages[0], "👍")
        ann.subscribes(event); ann.unsubscribes(event)                        # one of guild.events.values()
        await discord.until(lambda: papers.messages[0].edited)                # looks again at each change
        print(papers.transcript())
        assert discord.violations == []

What the member's own client would not send raises ClientRefusal; no answer in time raises NoAnswer. `within=0.5` sets
the wait for a first answer, `first_only=True` does not wait for what a deferral promises (`await ann.finishes(answer)`
does). An Answer stays true: later edits show in it.

Faults: `discord.next("POST", r"/messages$", "lost", status=502)` (see faults.Misbehaviour), `discord.mishaps(dice,
{"lost": 0.05, "rate_limited": 0.1})`, `discord.gateway.drop_sockets()`, `.go_silent()`, `.invalidate(resumable=False)`,
`.reconnects()`, `.replays(3)`, `.duplicate_next()`, `.forget_sessions()`, `.is_down`, `guild.kicks_bot()`,
`guild.goes_down()`, `channel.denies("send_messages")`. Rate limits are Discord's own; `discord.limits.off()` or
`.scaled(0.01)` for tests about something else. `discord.moves(3600)` moves its time. Privileged intents are refused
unless in `discord.gateway.privileged`. The journal: `discord.requests`, `discord.violations`.

discord.py waits `guild_ready_timeout` (2 s) before on_ready, and 5 s before each IDENTIFY but the first: give the
client `guild_ready_timeout=0.1` and a `before_identify_hook` in tests that need these.
"""

from tests.fakes.discord.client_ui import ClientRefusal
from tests.fakes.discord.faults import Misbehaviour
from tests.fakes.discord.guilds import Guild
from tests.fakes.discord.interactions import Answer, Choice, Modal
from tests.fakes.discord.model import Channel, Message, Role, ScheduledEvent, User
from tests.fakes.discord.people import Member, NoAnswer
from tests.fakes.discord.rest import SeenRequest
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.waiting import NeverHappened

__all__ = [
    "Answer",
    "Channel",
    "Choice",
    "ClientRefusal",
    "FakeDiscord",
    "Guild",
    "Member",
    "Message",
    "Misbehaviour",
    "Modal",
    "NeverHappened",
    "NoAnswer",
    "Role",
    "ScheduledEvent",
    "SeenRequest",
    "User",
]
