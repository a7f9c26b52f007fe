"""Cards and replies as HTML. Every text is escaped by the templates; knows no request and asks the core nothing."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from adapters.chat.web import addresses
from adapters.chat.web.addresses import Asked, Spot
from adapters.chat.web.forms import filled, read_form, write_form
from bot.cards import Button, Form, Message, Reply
from bot.languages import Listener, count, msgid, say
from bot.model import GroupSettings, Member, Stance
from bot.moments import Moment, pieces, plain
from bot.ports import CommandInfo, Posted

HERE = Path(__file__).parent
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
ANSWERS = {("answer", "join"): "joined", ("answer", "skip"): "skipped"}  # the same for buttons about a session
TOGGLES = {"vote": "voted", "claim": "claimed"}  # a button's command → what Stance calls it
SAID = {"pass": "passed"}  # the same where pressing again takes nothing back
SAVE = {"vote": msgid("Save and vote"), "pass": msgid("Save and pass"), "claim": msgid("Save and claim")}
PANELS = ("ballot", "pick", "ask", "session", "recap")  # kinds of cards that stand out from the stream
ADDRESS = re.compile(r"(https?://[^\s\x0e-\x10<>\"“”]+[\w/#=&%~-])")  # in running text, without what ends its sentence

ERRORS: Mapping[int, tuple[str, str]] = {
    400: (msgid("That request could not be read"), msgid("Go back, reload the page and try again.")),
    403: (msgid("That came from another site"), msgid("Nothing was changed. Open the page itself and try again.")),
    404: (
        msgid("There is nothing here"),
        msgid("The paper or group may have gone, or the address has a typing error."),
    ),
    405: (msgid("That is not how this address works"), msgid("Open it from the page itself.")),
    408: (msgid("That took too long to arrive"), msgid("Nothing was changed. Try again.")),
    413: (msgid("That is too long"), msgid("Nothing was changed. Shorten it and try again.")),
    415: (msgid("That request could not be read"), msgid("Use the forms of the page.")),
    421: (
        msgid("This page does not answer to that name"),
        msgid("Open it as localhost, or add the name to web.allowed_hosts."),
    ),
    429: (msgid("That was a lot at once"), msgid("Nothing was changed. Wait a few seconds, then try again.")),
    500: (
        msgid("Something went wrong here"),
        msgid("It is in the log. Reload the page; if it stays, tell whoever runs Paperclub."),
    ),
    503: (
        msgid("Too many open pages"),
        msgid("Close some and reload in a minute. Everything but live updates works meanwhile."),
    ),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and at which group. Without a name there is no member."""

    group: GroupSettings
    account: str = ""
    member: Member | None = None
    stance: Stance = field(default_factory=Stance)
    is_outside: bool = False  # where anybody may come

    @property
    def needs_code(self) -> bool:
        """To choose a name."""
        return self.is_outside and self.member is None

    @property
    def is_moderator(self) -> bool:
        by_role = self.member is not None and self.member.role == "moderator"
        return by_role or self.account in self.group.moderators

    def is_called(self, message: Message) -> bool:
        """By name, in the message."""
        return bool(self.account) and self.account in message.mentions

    def pressed(self, button: Button) -> str:
        """For aria-pressed: "true" or "false", "" where pressing again takes nothing back."""
        what = None if button.once else TOGGLES.get(button.command)
        return "" if what is None else str(self._holds(what, button.entry)).lower()

    def stands(self, button: Button) -> bool:
        """For aria-current: it says what the visitor has said."""
        answer = ANSWERS.get(button.argument) if button.argument and button.command == "rsvp" else None
        if answer:
            return self._holds(answer, button.session)
        return button.command in SAID and self._holds(SAID[button.command], button.entry)

    def _holds(self, what: str, about: int | None) -> bool:
        held: frozenset[int] = getattr(self.stance, what)
        return about in held


@dataclass(frozen=True, slots=True)
class Prompt:
    """Asks for a name, and carries along what was asked before."""

    asked: Asked = field(default_factory=Asked)

    @property
    def action(self) -> str:
        """What its button says; the template says it to who looks."""
        command = self.asked.button.partition(":")[0]
        return SAVE.get(command, msgid("Save the name"))


@dataclass(frozen=True, slots=True)
class Answered:
    """What only the asker sees. `typed` is the name or the line that they had entered, kept when it did not work."""

    reply: Reply | None = None
    prompt: Prompt | None = None
    typed: str = ""
    asked: Asked = field(default_factory=Asked)  # what the reply answers
    listed: Reply | None = None  # the list whose card was pressed: it stays, as it is now
    spot: Spot = field(default_factory=Spot)  # where it was asked: its own forms lead back there

    @property
    def form(self) -> Form | None:
        """What is to be filled in: what the reply asks for, or as it was typed when that was refused."""
        if self.reply is None or self.prompt is not None:
            return None
        refused = None if self.reply.ok else read_form(self.asked.form)
        return self.reply.form or (filled(refused, self.asked.args) if refused else None)

    @property
    def said(self) -> str:
        """Beside a form that opens, no word of how to type the same."""
        if self.reply is None or (self.reply.form and self.reply.ok):
            return ""
        return self.reply.text

    @property
    def is_done(self) -> bool:
        """Nothing is left to try again, to fill in or to choose."""
        return self.prompt is None and (self.reply is None or self.reply.ok)

    @property
    def is_failure(self) -> bool:
        """A reply with choices is a question."""
        return self.reply is not None and not self.reply.ok and not self.reply.choices

    @property
    def kept_line(self) -> str:
        return self.typed if self.prompt is None and not self.is_done else ""


@dataclass(frozen=True, slots=True)
class Calendars:
    """Addresses that a calendar subscribes to. Only who has a name has one of their own."""

    group: str
    own: str = ""
    is_local: bool = False  # no other machine reaches them


@dataclass(frozen=True, slots=True)
class Day:
    """What was posted from one digest to the next. `id` is its first message's."""

    id: int
    posts: tuple[Posted, ...]

    @property
    def has_heading(self) -> bool:
        return is_digest(self.posts[0])


def by_day(posted: Sequence[Posted], limit: int) -> tuple[list[Day], int | None]:
    """Days, the newest first, and the message before which older ones are. `posted` is newest last and holds more cards
    than `limit` when there are older ones; then the page begins with a digest, so that no day is cut in two."""
    window = list(posted)
    if has_older := sum(post.cards for post in posted) > limit:
        window = window[1:] or window
        window = window[next((place for place, post in enumerate(window) if is_digest(post)), 0) :]
    days: list[list[Posted]] = []
    for post in window:
        if is_digest(post) or not days:
            days.append([])
        days[-1].append(post)
    return [Day(day[0].id, tuple(day)) for day in reversed(days)], window[0].id if has_older else None


def lift(days: Sequence[Day]) -> tuple[list[Posted], list[Day]]:
    """Pinned messages, the newest first, and the days without them."""
    pinned = [post for day in days for post in reversed(day.posts) if post.message.pinned]
    rest = [Day(day.id, tuple(post for post in day.posts if not post.message.pinned)) for day in days]
    return pinned, [day for day in rest if day.posts]


def is_digest(post: Posted) -> bool:
    return post.message.card.kind == "digest"


def is_web_link(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def web_link(address: str) -> str:
    """The address if it may stand in an href, else "": autoescaping does not stop `javascript:`."""
    return address if is_web_link(address) else ""


def webcal(address: str) -> str:
    """By which a calendar program is opened, and asks whether it should subscribe."""
    return re.sub("^https?:", "webcal:", address)


def spoken(value: object) -> object:
    """What every `{{ … }}` goes through: in attributes, titles and lists to choose from no time can be marked."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def timed(text: str) -> Markup:
    """With its times marked, so that app.js can say them in the reader's zone."""
    return Markup("").join(_time(piece) if isinstance(piece, Moment) else piece for piece in pieces(text))


def _time(moment: Moment) -> Markup:
    return Markup('<time datetime="{}" data-style="{}">{}</time>').format(
        f"{moment.at:%Y-%m-%dT%H:%M:%SZ}", moment.style, moment.spoken
    )


class Pages:
    """The templates and the files that they point to. Pure: the same data, the same page (nonces apart)."""

    def __init__(self, commands: Sequence[CommandInfo] = ()) -> None:
        self.static = {_dated(path): (path.read_bytes(), TYPES[path.suffix]) for path in (HERE / "static").iterdir()}
        self._env = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=spoken,
        )
        self._env.filters["timed"] = timed
        self._env.filters["webcal"] = webcal
        self._env.filters["plain"] = plain
        self._env.filters["web_link"] = web_link
        self._env.filters["in_links"] = ADDRESS.split
        self._env.tests["web_link"] = is_web_link
        offered = [command for command in commands if not command.only_on or "web" in command.only_on]
        names = {command.name for command in offered}
        self._env.filters["offered"] = lambda controls: [control for control in controls if control.command in names]
        self._env.filters["as_text"] = write_form
        self._env.globals.update(
            offers=names,
            is_panel=lambda card: card.kind in PANELS,
            at=addresses,
            asset={name.split(".")[0] + "." + name.rsplit(".", 1)[1]: f"/static/{name}" for name in self.static},
            commands=offered,
            nonce=lambda: secrets.token_hex(8),
        )

    def _render(self, name: str, to: Listener, **data: object) -> str:
        """`say` and `count` in the templates speak to who looks; `marked` puts markup into a sentence."""
        spoken = {"say": partial(say, to), "count": partial(count, to), "marked": partial(_marked, to)}
        return self._env.get_template(name).render(data, language=to.tongue, **spoken)

    def _show(self, name: str, viewer: Viewer, **data: object) -> str:
        return self._render(name, viewer.group, viewer=viewer, **data)

    def groups(self, groups: Sequence[GroupSettings], to: Listener) -> str:
        return self._render("groups.html", to, groups=groups)

    def stream(
        self, viewer: Viewer, answer: Answered, spot: Spot, days: Sequence[Day], older: int | None, after: int
    ) -> str:
        """What is pinned stands before the newest day; on older pages it stays where it was posted."""
        lowest = days[-1].id if days else 0
        pinned, rest = lift(days) if spot.before is None else ([], days)
        return self._show(
            "stream.html",
            viewer,
            answer=answer,
            spot=spot,
            pinned=pinned,
            days=rest,
            older=older,
            after=after,
            lowest=lowest,
        )

    def article(self, viewer: Viewer, post: Posted, spot: Spot) -> str:
        """One message of the stream."""
        return self._show("article.html", viewer, post=post, spot=spot)

    def reply(
        self, viewer: Viewer, answer: Answered, spot: Spot, title: str, reply: Reply, *, is_paper: bool = False
    ) -> str:
        """A page of its own for what a harmless command answers."""
        return self._show("reply.html", viewer, answer=answer, spot=spot, title=title, reply=reply, is_paper=is_paper)

    def next(self, viewer: Viewer, answer: Answered, spot: Spot, reply: Reply, calendars: Calendars) -> str:
        title = say(viewer.group, "Next meeting")
        return self._show("next.html", viewer, answer=answer, spot=spot, reply=reply, title=title, calendars=calendars)

    def archive(self, viewer: Viewer, answer: Answered, spot: Spot, reply: Reply) -> str:
        title = say(viewer.group, "Archive")
        return self._show("archive.html", viewer, answer=answer, spot=spot, reply=reply, title=title)

    def help(self, viewer: Viewer, answer: Answered, spot: Spot, reply: Reply) -> str:
        return self._show("help.html", viewer, answer=answer, spot=spot, reply=reply)

    def fragment(self, viewer: Viewer, answer: Answered, spot: Spot, post: Posted | None) -> str:
        """What app.js puts into an open page after a press or a command."""
        return self._show("fragment.html", viewer, answer=answer, spot=spot, post=post)

    def error(self, status: int, to: Listener, *, whole: bool) -> str:
        """A page, or a fragment for app.js."""
        title, advice = ERRORS.get(status, ERRORS[400 if status < 500 else 500])
        name = "error.html" if whole else "error_fragment.html"
        return self._render(name, to, title=say(to, title), advice=say(to, advice))


def _marked(to: Listener, sentence: str, **values: object) -> Markup:
    """With values that may be markup; others are escaped."""
    return escape(say(to, sentence)).format(**values)


def _dated(path: Path) -> str:
    """`app.css` → `app.1a2b3c4d5e6f.css`: a new content is a new address, so browsers may keep it for ever."""
    return f"{path.stem}.{sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix}"
