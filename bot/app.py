"""The Core: a Request in, its private Reply out, and what surfaces show. Knows ports and commands, no platform."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from bot import views
from bot.cards import Button, Reply
from bot.commands import TABLE
from bot.commands.table import Ambiguous, Command, Context, Policy, find_command, read_arguments, read_line
from bot.errors import PortError, UserError
from bot.groups import Groups
from bot.model import Change, GroupSettings, Member, Request, Stance, Wanted
from bot.ports import Adapter, Clock, CommandInfo, Posted, Store
from bot.summaries import Summaries

log = logging.getLogger(__name__)

REPLAY = 500  # changes; a surface that is further behind starts anew


class App:
    """Implements ports.Core."""

    def __init__(
        self,
        groups: Groups,
        store: Store,
        clock: Clock,
        summaries: Summaries,
        report: Callable[[str], Awaitable[Sequence[str]]],
        surfaces: Sequence[Adapter] = (),
        commands: Sequence[Command] = TABLE,
    ) -> None:
        self._groups = groups
        self._store = store
        self._clock = clock
        self._summaries = summaries
        self._report = report
        self._surfaces = surfaces
        self._table = commands

    # --- requests

    async def handle(self, request: Request) -> Reply:
        """Never raises: what the member did wrong is said, what we did wrong is logged and has a number."""
        try:
            return await self._answer(request)
        except UserError as error:
            return Reply(str(error), choices=_choices(request, error), ok=False)
        except PortError as error:
            log.error("%s by %s: %s", request.command, request.account, error)
            return Reply("That did not work just now. Look whether it was done before you try again.", ok=False)
        except Exception:
            number = secrets.token_hex(3)
            log.exception("request %s failed (%s by %s)", number, request.command, request.account)
            return Reply(f"Something went wrong here. The operator finds it in the log as {number}.", ok=False)

    async def _answer(self, request: Request) -> Reply:
        found = find_command(self._table, request)
        group = self._groups.of(request)
        member = await self._permit(request, group, found)
        context = Context(
            request=request,
            group=group,
            member=member,
            is_moderator=member is not None and is_moderator(member, request, group),
            store=self._store,
            clock=self._clock,
            summaries=self._summaries,
            commands=self._table,
            report=lambda: self._report(group.id),
        )
        reply: Reply = await found.run(context, **await read_arguments(context, found))
        return reply

    async def _permit(self, request: Request, group: GroupSettings, found: Command) -> Member | None:
        """The member who asks. Raises UserError when the command's policy refuses them."""
        member = await self._store.member(group.id, request.account)
        if found.policy is Policy.ANYONE:
            return member
        if request.display_name and (member is None or member.name != request.display_name):
            member = await self._store.enrol(group.id, request.account, request.display_name, self._clock.now())
        if member is None:
            raise UserError("Choose a name first: /paper join YOUR NAME")
        if found.policy is Policy.MODERATOR and not is_moderator(member, request, group):
            raise UserError(f"/paper {found.name} is for moderators.")
        return member

    # --- what a surface shows

    @property
    def commands(self) -> Sequence[CommandInfo]:
        return [row.info for row in self._table]

    def read_line(self, line: str) -> tuple[str, Mapping[str, str]]:
        return read_line(self._table, line)

    def group(self, group: str) -> GroupSettings | None:
        return self._groups.by_id.get(group)

    async def whoami(self, group: str, account: str) -> Member | None:
        return await self._store.member(group, account)

    async def stance(self, group: str, account: str) -> Stance:
        member = await self._store.member(group, account)
        return await self._store.stance(group, member.id) if member else Stance()

    async def stream(self, group: str, place: str, *, before: int | None, limit: int) -> Sequence[Posted]:
        rows = await self._store.messages(group, place, before=before, limit=limit)
        return [posted for row in rows if (posted := await self._as_posted(row))]

    async def posted(self, group: str, place: str, message: int) -> Posted | None:
        row = await self._store.message(group, message)
        return await self._as_posted(row) if row and row[0].place == place else None

    async def _as_posted(self, row: tuple[Wanted, datetime]) -> Posted | None:
        wanted, at = row
        settings = self._groups.by_id.get(wanted.group)
        message = await views.build(wanted, settings, self._store) if settings else None
        return Posted(wanted.id, at, message) if message else None

    async def changes(self, group: str, after: int | None) -> Sequence[Change]:
        if after is None:
            last = await self._store.last_change(group)
            return [Change(last, group, "start")]
        while True:
            seen = self._store.commits
            if found := await self._store.changes(group, after, REPLAY):
                if len(found) == REPLAY:
                    return [Change(await self._store.last_change(group), group, "reset")]
                return found
            await self._store.wait_for_commit(seen)

    async def trouble(self) -> str:
        try:
            await self._store.ping()
        except PortError as error:
            return str(error)
        return "; ".join(f"{s.name}: {s.trouble}" for s in self._surfaces if s.trouble)


def is_moderator(member: Member, request: Request, group: GroupSettings) -> bool:
    return member.role == "moderator" or "moderator" in request.roles or request.account in group.moderators


def _choices(request: Request, error: UserError) -> tuple[Button, ...]:
    if not isinstance(error, Ambiguous):
        return ()
    return tuple(Button(entry.paper.title, request.command, entry.id, once=True) for entry in error.entries)
