"""The web surface: its routes, and the Adapter that binds them. Decides nothing about papers; that is the core's."""

import asyncio
import errno
import hashlib
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from adapters.chat.web import addresses
from adapters.chat.web.addresses import Asked, Spot
from adapters.chat.web.fields import read_fields
from adapters.chat.web.forms import read_form
from adapters.chat.web.guard import (
    LOCAL_NAMES,
    Guard,
    Now,
    Passports,
    Tickets,
    add_headers,
    host_name,
    is_https,
    read_key,
)
from adapters.chat.web.live import Live, newest
from adapters.chat.web.pages import Answered, Calendars, Pages, Prompt, Viewer, by_day
from bot.cards import Message, Reply, read_button
from bot.errors import DeliveryError, StartError
from bot.languages import ENGLISH, Reader, msgid, say, understood
from bot.model import Emoji, GroupSettings, Request, Stance, WebSettings, addressed
from bot.ports import Core, Delivery, Posted

log = logging.getLogger(__name__)

MOST_BYTES = 64 * 1024  # of a request's body
GRACE = 3.0  # seconds for requests under way when we stop
MESSAGES = 48  # of the stream on one page
MANY_NAMES = msgid(
    "Many names were chosen from your network just now. Nothing was changed; try again in a few minutes."
)
EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - here they are told apart, because no browser opens them


class Web:
    """The page is the channel: what is posted here is shown by the stream, and nothing has to be sent."""

    name = "web"
    edit_pause = late_edit_pause = 0.2
    lanes = 1
    calendar = False

    def __init__(
        self, settings: WebSettings, groups: Sequence[GroupSettings], key_file: Path, now: Now = time.monotonic
    ) -> None:
        self._settings = settings
        self._now = now
        self._groups = groups
        self._key_file = key_file
        self._port = 0
        self.bound = asyncio.Event()

    @property
    def address(self) -> str:
        """Where the page is, once `bound` is set."""
        host = self._settings.host if self._settings.host not in EVERYWHERE else "localhost"
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port or self._settings.port}"

    @property
    def trouble(self) -> str:
        return "" if self.bound.is_set() else "the web page is not listening yet"

    async def run(self, core: Core) -> None:
        """Raises StartError when it can't listen."""
        site = Site(core, self._settings, self._groups, read_key(self._key_file), self._now)
        # A visitor who leaves ends their stream at once; `Site.ask` shields what must not be ended by that.
        runner = web.AppRunner(
            site.app(), handler_cancellation=True, access_log=None, shutdown_timeout=GRACE, keepalive_timeout=30
        )
        await runner.setup()
        try:
            self._port = await self._bind(runner)
            self.bound.set()
            log.info("Open %s (Ctrl-C stops it)", self.address)
            await asyncio.get_running_loop().create_future()  # until cancelled
        finally:
            self.bound.clear()
            await runner.cleanup()

    async def ready(self) -> None:
        await self.bound.wait()

    async def check(self) -> None:
        """Listens, and stops at once: nobody is answered."""
        runner = web.AppRunner(web.Application())
        await runner.setup()
        try:
            await self._bind(runner)
        finally:
            await runner.cleanup()

    async def _bind(self, runner: web.AppRunner) -> int:
        """The port, which the system chooses when 0 is set."""
        host, port = self._settings.host, self._settings.port
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StartError(
                    f"port {port} is in use; stop the other program, or set web.port (demo: --port)"
                ) from error
            reason = error.strerror or str(error)
            raise StartError(
                f"the web page can't listen on {host}:{port} ({reason}); set web.host and web.port"
            ) from error
        return int(runner.addresses[0][1])

    async def post(self, delivery: Delivery, message: Message) -> str:
        return f"web-{delivery.id}"

    async def post_directly(self, delivery: Delivery, message: Message) -> str:
        raise DeliveryError("a page has no direct messages", hopeless=True)

    async def edit(self, delivery: Delivery, message: Message) -> None:
        pass  # open pages hear of it from Core.changes

    async def remove(self, delivery: Delivery) -> None: ...  # likewise

    async def unreact(self, emoji: Emoji) -> None: ...  # a page has no reactions

    def name_of(self, place: str) -> str:
        return ""

    async def fault(self, place: str) -> str:
        return ""

    async def is_here(self, place: str, account: str) -> bool:
        return True  # a name on the page does not leave

    async def tell(self, place: str, accounts: Sequence[str], text: str) -> None:
        log.warning("%s: %s", place, text)

    async def close(self) -> None:
        pass  # nothing is open but while it runs


class Answers:
    """Private answers between a POST and the page that shows them. Each is for one account and ten minutes."""

    LIFETIME = 600.0
    MOST = 1000

    def __init__(self, now: Now = time.monotonic) -> None:
        self._now = now
        self._kept: OrderedDict[str, tuple[str, float, Answered]] = OrderedDict()

    def keep(self, account: str, answer: Answered) -> str:
        token = secrets.token_urlsafe(16)
        self._kept[token] = (account, self._now() + self.LIFETIME, answer)
        if len(self._kept) > self.MOST:
            self._kept.popitem(last=False)
        return token

    def find(self, token: str, account: str) -> Answered:
        """An empty one for anybody else."""
        owner, until, answer = self._kept.get(token, ("", 0.0, Answered()))
        return answer if owner and owner == account and self._now() < until else Answered()


class Site:
    """The routes, for as long as one `Web.run` lasts."""

    def __init__(
        self, core: Core, settings: WebSettings, groups: Sequence[GroupSettings], key: bytes, now: Now
    ) -> None:
        self._core = core
        self._groups = {group.id: group for group in groups}
        self._named = frozenset(command.name for command in core.commands if command.named)
        self._pages = Pages(core.commands)
        self._passports = Passports(key)
        self._tickets = Tickets(key, "calendar")
        self._guard = Guard(settings, self._passports, self._error, now)
        self._answers = Answers()
        self._live = Live(core)
        self._running: set[asyncio.Task[Reply]] = set()

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard.middleware], client_max_size=MOST_BYTES)
        app.on_response_prepare.append(add_headers)
        app.on_shutdown.append(self._stop)
        group = "/g/{group:[A-Za-z0-9_-]+}"
        app.add_routes(
            [
                web.get("/", self.home),
                web.get("/healthz", self.healthz),
                web.get("/readyz", self.readyz),
                web.get("/static/{name}", self.static),
                web.get(group, self.stream),
                web.get(group + "/paper/{entry}", self.paper),
                web.get(group + "/search", self.search),
                web.get(group + "/next", self.next),
                web.get(group + "/archive", self.archive),
                web.get(group + "/calendar.ics", self.calendar),
                web.get(group + r"/calendar/{ticket:[\w.-]+}.ics", self.calendar),
                web.get(group + "/help", self.help),
                web.get(group + "/events", self.events, allow_head=False),
                web.post(group + "/press", self.press),
                web.post(group + "/fill", self.fill),
                web.post(group + "/say", self.say),
                web.post(group + "/join", self.join),
            ]
        )
        return app

    async def _stop(self, _: web.Application) -> None:
        self._live.close()

    # --- pages

    async def home(self, http: web.Request) -> web.StreamResponse:
        if len(self._groups) == 1:
            return _see(addresses.page(*self._groups))
        groups = [self._core.group(name) or given for name, given in self._groups.items()]
        return _html(self._pages.groups(groups, _reader(http)))

    async def stream(self, http: web.Request) -> web.StreamResponse:
        viewer = await self._viewer(http)
        group = viewer.group.id
        spot = Spot(before=addresses.read_id(http.query.get("before", "")))
        after = await newest(self._core, group)  # before the messages are read, so that nothing falls between
        posted = await self._core.stream(group, f"web:{group}", before=spot.before, limit=MESSAGES + 1)
        days, older = by_day(posted, MESSAGES)
        return _html(self._pages.stream(viewer, self._answer(http, viewer), spot, days, older, after))

    async def paper(self, http: web.Request) -> web.StreamResponse:
        viewer = await self._viewer(http)
        entry = addresses.read_id(http.match_info["entry"])
        if entry is None:
            raise web.HTTPNotFound
        reply = await self._read(viewer, "show", {"paper": f"entry:{entry}"})
        title = reply.cards[0].title if reply.cards else say(viewer.group, "Not found")
        page = self._pages.reply(viewer, self._answer(http, viewer), Spot(paper=entry), title, reply, is_paper=True)
        return _html(page, 200 if reply.ok else 404)

    async def search(self, http: web.Request) -> web.StreamResponse:
        viewer = await self._viewer(http)
        query = http.query.get("q", "").strip()[: addresses.LONGEST_QUERY]
        empty = Reply(say(viewer.group, "Type a few words that the title or abstract should have."))
        reply = await self._read(viewer, "search", {"query": query}) if query else empty
        title = say(viewer.group, "Search")
        return _html(self._pages.reply(viewer, self._answer(http, viewer), Spot(query=query), title, reply))

    async def next(self, http: web.Request) -> web.StreamResponse:
        viewer = await self._viewer(http)
        group, root = viewer.group.id, _root(http)
        own = addresses.calendar(group, self._tickets.write(group, viewer.member.id)) if viewer.member else ""
        is_local = host_name(http.host) in LOCAL_NAMES
        calendars = Calendars(root + addresses.calendar(group), root + own if own else "", is_local)
        reply = await self._read(viewer, "next", {})
        return _html(self._pages.next(viewer, self._answer(http, viewer), Spot(page="next"), reply, calendars))

    async def archive(self, http: web.Request) -> web.StreamResponse:
        viewer = await self._viewer(http)
        query = http.query.get("q", "").strip()[: addresses.LONGEST_QUERY]
        reply = await self._read(viewer, "archive", {"query": query} if query else {})
        spot = Spot(page="archive", query=query)
        return _html(self._pages.archive(viewer, self._answer(http, viewer), spot, reply))

    async def calendar(self, http: web.Request) -> web.StreamResponse:
        """The group's, or with a ticket a member's, whoever asks: a calendar program has no cookie of ours."""
        group = (await self._viewer(http)).group.id
        ticket = http.match_info.get("ticket", "")
        member = self._tickets.read(group, ticket) if ticket else None
        if ticket and member is None:
            raise web.HTTPNotFound
        file = await self._core.calendar(group, member, _root(http) + addresses.page(group, "next"))
        tag = hashlib.sha256(file).hexdigest()[:32]
        headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
        if any(known.value in (tag, "*") for known in http.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        headers["Content-Disposition"] = f'inline; filename="{group}.ics"'
        return web.Response(body=file, content_type="text/calendar", charset="utf-8", headers=headers)

    async def help(self, http: web.Request) -> web.StreamResponse:
        viewer = await self._viewer(http)
        reply = await self._read(viewer, "help", {"command": "all"})
        return _html(self._pages.help(viewer, self._answer(http, viewer), Spot(), reply))

    async def static(self, http: web.Request) -> web.StreamResponse:
        found = self._pages.static.get(http.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        body, kind = found
        forever = {"Cache-Control": "public, max-age=31536000, immutable"}
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=forever)

    async def healthz(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text="ok")

    async def readyz(self, _: web.Request) -> web.StreamResponse:
        trouble = await self._core.trouble()
        return web.Response(text=trouble or "ok", status=503 if trouble else 200)

    async def events(self, http: web.Request) -> web.StreamResponse:
        viewer = await self._viewer(http)
        group = viewer.group.id
        seen = http.headers.get("Last-Event-ID") or http.query.get("after", "")
        after = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 19 else None

        async def render(message: int) -> str | None:
            post = await self._core.posted(group, f"web:{group}", message)
            now = await self._as_now(viewer)
            return self._pages.article(now, post, Spot(message=message)) if post else None

        return await self._live.serve(http, self._guard.seats(http), group, after, render)

    # --- what a visitor does

    async def press(self, http: web.Request) -> web.StreamResponse:
        viewer, form = await self._enter(http)
        asked = Asked(button=_button(form), nonce=_nonce(form))
        return await self._tell(http, viewer, await self._do(http, viewer, asked, _spot(form)))

    async def fill(self, http: web.Request) -> web.StreamResponse:
        """A form or a list to choose from: a press with values."""
        viewer, form = await self._enter(http)
        asked = Asked(_button(form), nonce=_nonce(form), args=addresses.read_args(form), form=_filled_in(form))
        return await self._tell(http, viewer, await self._do(http, viewer, asked, _spot(form)))

    async def say(self, http: web.Request) -> web.StreamResponse:
        viewer, form = await self._enter(http)
        asked = Asked(line=form.get("line", "").strip(), nonce=_nonce(form))
        return await self._tell(http, viewer, await self._do(http, viewer, asked, _spot(form)))

    async def join(self, http: web.Request) -> web.StreamResponse:
        """Picks a name, and then does what the visitor was about to do when we asked for one."""
        viewer, form = await self._enter(http)
        name, nonce, spot = form.get("name", ""), _nonce(form), _spot(form)
        then = Asked(_button(form), form.get("line", ""), f"{nonce}-then", addresses.read_args(form), _filled_in(form))
        args = {"name": name, **({"code": form["code"]} if "code" in form else {})}
        reply = await self._put(http, viewer, "join", args, nonce)
        if not reply.ok:
            answer = Answered(reply, Prompt(then), typed=name, listed=await self._again(http, viewer, spot), spot=spot)
        elif then.is_something:
            answer = await self._do(http, await self._as_now(viewer), then, spot)
        else:
            answer = Answered(reply, spot=spot)
        return await self._tell(http, viewer, answer)

    async def _do(self, http: web.Request, viewer: Viewer, asked: Asked, spot: Spot) -> Answered:
        """What was asked, unless we have to ask for a name first. A list in which it was pressed stays."""
        command, args = self._understand(asked)
        if viewer.member is None and command in self._named:
            return Answered(prompt=Prompt(asked), listed=await self._again(http, viewer, spot), spot=spot)
        reply = await self._put(http, viewer, command, args, asked.nonce, pressed=bool(asked.button))
        if reply.cards:
            return Answered(reply, typed=asked.line, asked=asked, spot=spot.with_list(asked))
        return Answered(reply, typed=asked.line, asked=asked, listed=await self._again(http, viewer, spot), spot=spot)

    async def _again(self, http: web.Request, viewer: Viewer, spot: Spot) -> Reply | None:
        """The private list that was open at `spot`, as it is now."""
        if not spot.asked.is_something:
            return None
        command, args = self._understand(spot.asked)
        pressed = bool(spot.asked.button)
        return await self._put(http, viewer, command, args, spot.asked.nonce, pressed=pressed)

    async def _put(
        self,
        http: web.Request,
        viewer: Viewer,
        command: str,
        args: Mapping[str, str],
        nonce: str,
        *,
        pressed: bool = False,
    ) -> Reply:
        """What a visitor asks. From one network only so many names are chosen in an hour."""
        if command == "join" and viewer.member is None and not self._guard.may_choose_name(http):
            return Reply(say(viewer.group, MANY_NAMES), ok=False)
        return await self.ask(self._request(viewer, command, args, nonce, pressed=pressed))

    async def ask(self, request: Request) -> Reply:
        """The core's answer. What was asked is done even when the asker leaves meanwhile."""
        task = asyncio.ensure_future(self._core.handle(request))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    # --- who, what, and back

    async def _viewer(self, http: web.Request) -> Viewer:
        name = http.match_info["group"]
        if name not in self._groups:
            raise web.HTTPNotFound
        given, account = self._core.group(name) or self._groups[name], self._passports.account(http)
        group = addressed(given, _reader(http, given.language).tongue)
        return await self._as_now(Viewer(group, account, is_outside=self._guard.is_outside(http)))

    async def _as_now(self, viewer: Viewer) -> Viewer:
        group, account = viewer.group.id, viewer.account
        member = await self._core.whoami(group, account) if account else None
        stance = await self._core.stance(group, account) if member else Stance()
        return replace(viewer, member=member, stance=stance)

    async def _enter(self, http: web.Request) -> tuple[Viewer, Mapping[str, str]]:
        """For what is more than reading: a visitor without an account gets one."""
        viewer = await self._viewer(http)
        form = await read_fields(http)
        return (viewer if viewer.account else replace(viewer, account=self._passports.new_account())), form

    async def _read(self, viewer: Viewer, command: str, args: Mapping[str, str]) -> Reply:
        """The answer to a command that changes nothing, for a page that can be bookmarked."""
        known = viewer if viewer.account else replace(viewer, account=self._passports.new_account())
        return await self.ask(self._request(known, command, args, secrets.token_hex(8)))

    def _understand(self, asked: Asked) -> tuple[str, Mapping[str, str]]:
        if not asked.button:
            return self._core.read_line(asked.line)
        command, args = read_button(asked.button)
        return command, {**args, **dict(asked.args)}

    def _request(
        self, viewer: Viewer, command: str, args: Mapping[str, str], nonce: str, *, pressed: bool = False
    ) -> Request:
        return Request(
            id=f"{viewer.account}:{nonce}",
            account=viewer.account,
            command=command,
            args=args,
            place=f"web:{viewer.group.id}",
            group=viewer.group.id,
            display_name=viewer.member.name if viewer.member else "",
            locale=viewer.group.tongue,
            from_outside=viewer.is_outside,
            pressed=pressed,
        )

    def _answer(self, http: web.Request, viewer: Viewer) -> Answered:
        return self._answers.find(http.query.get("answer", ""), viewer.account)

    async def _tell(self, http: web.Request, viewer: Viewer, answer: Answered) -> web.StreamResponse:
        """Back to where the visitor was, with the answer; for app.js only what changes on the page."""
        spot, group = answer.spot, viewer.group.id
        if _is_fetch(http):
            now = await self._as_now(viewer)
            post = await self._post_at(group, spot)
            response = _html(self._pages.fragment(now, answer, spot.with_list(Asked()), post))
        else:
            response = _see(spot.address(group, answer=self._answers.keep(viewer.account, answer)))
        self._passports.stamp(http, response, viewer.account)
        return response

    async def _post_at(self, group: str, spot: Spot) -> Posted | None:
        return await self._core.posted(group, f"web:{group}", spot.message) if spot.message else None

    def _error(self, http: web.Request, status: int) -> web.Response:
        return _html(self._pages.error(status, _reader(http), whole=not _is_fetch(http)), status)


def _reader(http: web.Request, otherwise: str = ENGLISH) -> Reader:
    """In the first of the browser's languages that there is."""
    return Reader(understood(http.headers.get("Accept-Language", ""), otherwise))


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


def _see(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})


def _spot(form: Mapping[str, str]) -> Spot:
    return Spot.read(form.get("spot", ""))


def _button(form: Mapping[str, str]) -> str:
    return form.get("button", "")[: addresses.LONGEST_BUTTON]


def _filled_in(form: Mapping[str, str]) -> str:
    """The form that was sent, as text; "" for what is none of ours."""
    text = form.get("form", "")
    return text if len(text) <= addresses.LONGEST_FORM and read_form(text) else ""


def _root(http: web.Request) -> str:
    """The site's address, by the name under which it was asked."""
    return f"{'https' if is_https(http) else 'http'}://{http.host}"


def _nonce(form: Mapping[str, str]) -> str:
    """The form's own, so that a form sent twice counts once; a new one if that is unfit."""
    return addresses.read_nonce(form.get("nonce", "")) or secrets.token_hex(8)


def _is_fetch(http: web.Request) -> bool:
    return http.headers.get("X-Requested-With") == "fetch"
