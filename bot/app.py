"""The Core: a Request in, its private Reply out, and what surfaces show. Knows ports and commands, no platform."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot import views
from bot.actions.people import enrol, is_renamed
from bot.actions.previews import take_preview
from bot.actions.settings import found_group
from bot.cards import Button, Choice, Reply
from bot.commands import TABLE
from bot.commands.parameters import MOST_CHOICES
from bot.commands.table import Ambiguous, Command, Context, Policy, find_command, nameless, read_arguments, read_line
from bot.day.collect import Collector
from bot.day.daily import Daily
from bot.day.summaries import Summaries
from bot.errors import PortError, Refused, StoreLost, UserError
from bot.groups import NOBODY, Groups
from bot.groups.places import chosen
from bot.languages import ENGLISH, Reader, msgid, say, understood
from bot.meetings import Meetings
from bot.model import Change, GroupSettings, Member, OpenCard, Reaction, Request, Stance, Wanted, addressed
from bot.moments import unmarked
from bot.papers.lookup import Lookup
from bot.ports import Adapter, Clock, CommandInfo, Finder, Posted, Store
from bot.reactions import Reactions
from bot.surfaces import Surfaces
from bot.views.calendar import calendar_of
from bot.views.refusals import word_refusal
from bot.views.standing import refusal_links

log = logging.getLogger(__name__)

T = TypeVar("T")

LOST = msgid(
    "Paperclub's memory was taken away, and nothing is stored until it is back. Its operator finds the reason in the "
    "log and at /readyz."
)
TYPE_AGAIN = msgid("Type it again with one of these:")
LONGEST_ID = 100  # bytes, of a button
ABOUT = ("session", "once")  # what a button says of itself, beside its arguments
SERVER_MODERATOR = "server_moderator"  # a role: may manage the whole server, not only the channel they are in
REPLAY = 500  # changes; a surface that is further behind starts anew


class App:
    """Implements ports.Core."""

    def __init__(
        self,
        groups: Groups,
        store: Store,
        clock: Clock,
        summaries: Summaries,
        collector: Collector,
        daily: Daily,
        meetings: Meetings,
        report: Callable[[GroupSettings], Awaitable[Sequence[str]]],
        surfaces: Sequence[Adapter] = (),
        commands: Sequence[Command] = TABLE,
        finders: Sequence[Finder] = (),
    ) -> None:
        self._groups = groups
        self._store = store
        self._clock = clock
        self._summaries = summaries
        self._collector = collector
        self._daily = daily
        self._meetings = meetings
        self._report = report
        self._surfaces = surfaces
        self._outside = Surfaces(surfaces)
        self._finding = Lookup(store, finders)
        self._reactions = Reactions(groups.by_id, store, clock)
        self._table = commands

    # --- requests

    async def handle(self, request: Request) -> Reply:
        """Never raises: what the member did wrong is said, what we did wrong is logged and has a number."""
        try:
            return await self._answer(_from_outside(request))
        except Ambiguous as asked:
            return _ask_which(request, asked, self._reader(request))
        except UserError as error:
            return self._refuse(request, error.sentence, **error.values)
        except StoreLost:  # the store has told the log
            return self._refuse(request, LOST)
        except PortError as error:
            log.error("%s by %s: %s", request.command, request.account, error)
            sentence = msgid("That did not work just now. Look whether it was done before you try again.")
            return self._refuse(request, sentence)
        except Exception:
            number = secrets.token_hex(3)
            log.exception("request %s failed (%s by %s)", number, request.command, request.account)
            sentence = msgid("Something went wrong here. The operator finds it in the log as {number}.")
            return self._refuse(request, sentence, number=number)

    def _refuse(self, request: Request, sentence: str, **values: object) -> Reply:
        return Reply(say(self._reader(request), sentence, **values), ok=False)

    def _reader(self, request: Request) -> Reader:
        """Who asks; also where no group meets, or several do."""
        named = self._groups.by_id.get(request.group or "")
        here = [named] if named else self._groups.at(request.place)
        return Reader(understood(request.locale, here[0].language if here else ENGLISH))

    async def _answer(self, request: Request) -> Reply:
        try:
            return await self._run(request)
        except Refused as refused:
            return Reply(word_refusal(refused, self._reader(request)), ok=False)

    async def _run(self, request: Request) -> Reply:
        found = find_command(self._table, request)
        group = _spoken_to(request, await self._group(request, found))
        context = self._context(request, group, await self._permit(request, group, found))
        try:
            reply: Reply = await found.run(context, **await read_arguments(context, found))
        except Refused as refused:
            there = await self._store.read(refusal_links, group, context.here, refused.facts)
            return Reply(word_refusal(refused, group), ok=False, messages=there)
        return await self._with_face(request, group.id, reply)

    async def _with_face(self, request: Request, group: str, reply: Reply) -> Reply:
        """In the group's own language, as it stands there. Without it the answer is words alone."""
        if not (reply.is_shown and request.pressed and request.message):
            return reply
        seen = request.place.partition(":")[0], request.message, self._groups.by_id[group]
        preview = self._store.write(take_preview, *seen, self._clock.now())
        return replace(reply, face=await _guarded("a preview", preview, None))

    def _context(self, request: Request, group: GroupSettings, member: Member | None) -> Context:
        return Context(
            request=request,
            group=group,
            member=member,
            is_moderator=is_moderator(member, request, group),
            store=self._store,
            clock=self._clock,
            summaries=self._summaries,
            finding=self._finding,
            surfaces=self._outside,
            commands=self._table,
            groups=self._groups,
            collector=self._collector,
            daily=self._daily,
            meetings=self._meetings,
            report=lambda: self._report(group),
        )

    async def _group(self, request: Request, found: Command) -> GroupSettings:
        """A button's message is one group's, wherever it stands. Where none meets, a moderator finds the one that is
        made for the place, and makes it by one command."""
        request = await self._addressed(request)
        if found.elsewhere and request.group is None:
            near = await self._looked_after(request)
            if not near:
                raise UserError("{command} is for moderators.", command=found.typed)
            return chosen(near, request)
        if found.policy is not Policy.MODERATOR:
            return self._groups.of(request)
        group = self._groups.home(request)
        if group.id not in self._groups.by_id:
            if not found.founds:
                raise UserError(NOBODY)
            _require_moderator(None, request, group, found)
            if not request.display_name:
                raise UserError(nameless(request))
            founder = request.account, request.display_name
            await self._store.write(found_group, group, *founder, self._clock.now())
            await self._groups.load(self._store)
        return self._groups.by_id[group.id]

    async def _looked_after(self, request: Request) -> Sequence[GroupSettings]:
        """The groups of the server that whoever asks moderates: all, where they look after the server itself."""
        here = self._groups.at(request.place) if "moderator" in request.roles else []
        near = self._groups.near(request.place)
        return [group for group in near if group in here or await self._looks_after(request, group)]

    async def _looks_after(self, request: Request, group: GroupSettings) -> bool:
        if SERVER_MODERATOR in request.roles or request.account in group.moderators:
            return True
        member = await self._store.peek(lambda rows: rows.people.member(group.id, request.account))
        return member is not None and member.role == "moderator"

    async def _addressed(self, request: Request) -> Request:
        if not request.message or request.group:
            return request
        surface = request.place.partition(":")[0]
        group = await self._store.peek(lambda rows: rows.messages.group_of(surface, request.message))
        return replace(request, group=group) if group in self._groups.by_id else request

    async def _permit(self, request: Request, group: GroupSettings, found: Command) -> Member | None:
        """The member who asks. Raises UserError when the command's policy refuses them, Refused for their name."""
        member = await self._store.peek(lambda rows: rows.people.member(group.id, request.account))
        if found.policy is Policy.ANYONE:
            return member
        if found.policy is Policy.MODERATOR and not found.elsewhere:
            _require_moderator(member, request, group, found)
        if request.display_name and (member is None or await self._is_renamed(member, request, group)):
            member = await self._store.write(enrol, group.id, request.account, request.display_name, self._clock.now())
        if member is None:
            raise UserError(nameless(request))
        return member

    async def _is_renamed(self, member: Member, request: Request, group: GroupSettings) -> bool:
        name = request.display_name
        return member.name != name and await self._store.read(is_renamed, group.id, member, request.account, name)

    async def complete(self, request: Request, parameter: str, typed: str) -> Sequence[Choice]:
        return await _guarded(
            f"completing {parameter}", self._complete(_from_outside(request), parameter, unmarked(typed).strip()), ()
        )

    async def _complete(self, request: Request, parameter: str, typed: str) -> Sequence[Choice]:
        found = find_command(self._table, request)
        complete = next((p.complete for p in found.parameters if parameter in (p.name, *p.words)), None)
        if complete is None:
            return ()
        if found.elsewhere and parameter == "group":
            return _named(await self._looked_after(request), typed)
        is_moderating = found.policy is Policy.MODERATOR
        group = _spoken_to(request, self._groups.home(request) if is_moderating else self._groups.of(request))
        context = self._context(
            request, group, await self._store.peek(lambda rows: rows.people.member(group.id, request.account))
        )
        return await complete(context, typed) if context.is_moderator or not is_moderating else ()

    # --- reactions

    async def reacted(self, surface: str, reaction: Reaction) -> bool:
        return await _guarded(f"a reaction by {reaction.account}", self._reactions.take(surface, reaction), True)

    async def open_cards(self, surface: str) -> Sequence[OpenCard]:
        return await self._reactions.open_cards(surface)

    async def reconcile(self, card: OpenCard, reacting: Mapping[str, str], number: int = 0) -> None:
        await _guarded(f"the reactions in {card.place}", self._reactions.reconcile(card, reacting, number), None)

    async def recall(self, key: str) -> str:
        return await self._store.read(lambda rows: rows.kept.recall(key))

    async def remember(self, key: str, value: str) -> None:
        await self._store.write(lambda rows: rows.kept.remember(key, value))

    # --- what a surface shows

    @property
    def commands(self) -> Sequence[CommandInfo]:
        return [row.info for row in self._table]

    def read_line(self, line: str) -> tuple[str, Mapping[str, str]]:
        return read_line(self._table, line)

    def group(self, group: str) -> GroupSettings | None:
        return self._groups.by_id.get(group)

    async def whoami(self, group: str, account: str) -> Member | None:
        return await self._store.peek(lambda rows: rows.people.member(group, account))

    async def stance(self, group: str, account: str) -> Stance:
        member = await self._store.peek(lambda rows: rows.people.member(group, account))
        return await self._store.read(lambda rows: rows.votes.stance(group, member.id)) if member else Stance()

    async def stream(self, group: str, place: str, *, before: int | None, limit: int) -> Sequence[Posted]:
        rows = await self._store.read(lambda rows: rows.messages.messages(group, place, before=before, limit=limit))
        newest_first: list[Posted] = []
        for row in reversed(rows):
            if limit > 0 and (posted := await self._as_posted(row)):
                newest_first.append(posted)
                limit -= posted.cards
        return newest_first[::-1]

    async def posted(self, group: str, place: str, message: int) -> Posted | None:
        row = await self._store.read(lambda rows: rows.messages.message(group, message))
        return await self._as_posted(row) if row and row[0].place == place else None

    async def _as_posted(self, row: tuple[Wanted, datetime]) -> Posted | None:
        wanted, at = row
        settings = self._groups.by_id.get(wanted.group)
        message = await self._store.read(views.build, wanted, settings) if settings else None
        return Posted(wanted.id, at, message) if message else None

    async def changes(self, group: str, after: int | None) -> Sequence[Change]:
        if after is None:
            last = await self._store.read(lambda rows: rows.changes.last_change(group))
            return [Change(last, group, "start")]
        while True:
            seen = self._store.commits
            if found := await self._store.read(lambda rows: rows.changes.changes(group, after, REPLAY)):
                if len(found) == REPLAY:
                    return [
                        Change(await self._store.read(lambda rows: rows.changes.last_change(group)), group, "reset")
                    ]
                return found
            await self._store.wait_for_commit(seen)

    async def calendar(self, group: str, member: int | None, address: str) -> bytes:
        settings = self._groups.by_id.get(group)
        if settings is None:
            return b""
        return await self._store.read(calendar_of, settings, member, self._clock.now(), address)

    async def trouble(self) -> str:
        try:
            await self._store.ping()
        except PortError as error:
            return str(error)
        return "; ".join(f"{s.name}: {s.trouble}" for s in self._surfaces if s.trouble)


def _spoken_to(request: Request, group: GroupSettings) -> GroupSettings:
    """What is answered is for the reader alone, and in their language; what channels show is built for the group."""
    return addressed(group, understood(request.locale, group.language))


def _from_outside(request: Request) -> Request:
    """What was typed holds no moment of ours."""
    typed = {name: unmarked(value) for name, value in request.args.items()}
    return replace(request, args=typed, display_name=unmarked(request.display_name))


def _named(groups: Sequence[GroupSettings], typed: str) -> Sequence[Choice]:
    fitting = [group for group in groups if typed.casefold() in group.name.casefold()]
    return [Choice(group.name, group.id) for group in fitting[:MOST_CHOICES]]


def is_moderator(member: Member | None, request: Request, group: GroupSettings) -> bool:
    by_role = member is not None and member.role == "moderator"
    return by_role or "moderator" in request.roles or request.account in group.moderators


def _require_moderator(member: Member | None, request: Request, group: GroupSettings, found: Command) -> None:
    if not is_moderator(member, request, group):
        raise UserError("{command} is for moderators.", command=found.typed)


async def _guarded(what: str, work: Awaitable[T], otherwise: T) -> T:
    """For what nobody waits to be told of: it fails into the log."""
    try:
        return await work
    except (UserError, StoreLost):  # of the second the store has told the log
        return otherwise
    except PortError as error:
        log.error("%s: %s", what, error)
    except Exception:
        log.exception("%s", what)
    return otherwise


def _ask_which(request: Request, asked: Ambiguous, reader: Reader) -> Reply:
    """Each choice is the whole request again; what is too long for a button is to be typed."""
    text = say(reader, asked.sentence, **asked.values)
    buttons = [_button(request, asked.parameter, choice) for choice in asked.choices]
    if all(len(button.id.encode()) <= LONGEST_ID for button in buttons):
        return Reply(text, choices=tuple(buttons), ok=False)
    typed = (f"{asked.parameter}:{choice.value} – {choice.label}" for choice in asked.choices)
    return Reply("\n".join((text, say(reader, TYPE_AGAIN), *typed)), ok=False)


def _button(request: Request, parameter: str, choice: Choice) -> Button:
    rest = {name: value for name, value in request.args.items() if value and name not in (*ABOUT, parameter)}
    session = int(asked) if (asked := request.args.get("session", "")).isdecimal() else None
    entry = choice.value.removeprefix("entry:")
    if entry != choice.value and not rest:
        return Button(choice.label, request.command, int(entry), once=True, session=session)
    said = tuple({parameter: choice.value, **rest}.items())
    return Button(choice.label, request.command, once=True, arguments=said, session=session)
