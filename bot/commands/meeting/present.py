"""Commands by which members present: yes or no, which paper, where the slides are, to whom it is handed over."""

import re
from dataclasses import replace

from bot.actions.claims import hand_over_claim
from bot.actions.presenter import bring_paper, confirm_presenting, decline_presenting, hand_over
from bot.actions.presenter import put_slides as put_link
from bot.cards import Button, Choice, Reply
from bot.commands.admin.assign import MEMBER as SOMEBODY
from bot.commands.admin.assign import Assignee, enrolled
from bot.commands.parameters import PAPER, one_of
from bot.commands.sections import MEETING
from bot.commands.sessions import links_to, meant, part, say_when
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.languages import msgid, say
from bot.model import Entry, GroupSettings, Session
from bot.views.dates import day_of, spoken_time
from bot.views.papers import quoted
from bot.week.plan import step_time
from bot.week.timeline import StepKind

LONGEST_ADDRESS = 500
SLIDES_STAND = msgid("Your slides stand on the meeting's card now.")
ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


async def read_address(context: Context, typed: str) -> str:
    """An http(s) address; anything else could do harm where it is shown as a link."""
    if not ADDRESS.fullmatch(typed) or len(typed) > LONGEST_ADDRESS:
        raise UserError("Slides are a link that begins with https:// or http://.")
    return typed


ANSWER = one_of(
    "answer",
    "do you present",
    Choice(msgid("I'll present"), "yes"),
    Choice(msgid("I can't make it"), "no"),
    de=("antwort", "deine Antwort"),
)
BROUGHT = replace(PAPER, required=False)
SLIDES = Parameter(
    "slides", "a link to your slides", read_address, required=False, de=("folien", "ein Link zu deinen Folien")
)
HANDED = replace(PAPER, required=False)


# --- yes or no, the paper, the slides


@command(
    "present",
    "I present at the next meeting, or I can't; my paper; my slides",
    Policy.MEMBER,
    ANSWER,
    BROUGHT,
    SLIDES,
    de=("vorstellen", "ich stelle beim nächsten Treffen vor, oder kann nicht; mein Paper; meine Folien"),
    section=MEETING,
)
async def present(context: Context, answer: str = "", paper: Entry | None = None, slides: str = "") -> Reply:
    session = await meant(context)
    if answer == "no":
        return Reply(await _decline(context, session, paper, slides))
    said = []
    if answer == "yes":
        session = await context.store.act(confirm_presenting, context.act(), session.id)
        said.append(_say_confirmed(context, session, has_paper=bool(paper or session.entry)))
    if paper:
        session = await context.store.act(bring_paper, part(context.act(), "paper"), session.id, paper.id)
        said.append(_say_brought(context, session, paper))
    if slides:
        await put_slides(context, session, slides)
        said.append(say(context.group, SLIDES_STAND))
    if not said:
        return await _tell(context, session)
    return Reply(" ".join(said), messages=await links_to(context, session))


async def _decline(context: Context, session: Session, paper: Entry | None, slides: str) -> str:
    """Slides are theirs to give also when they can't come."""
    if paper:
        raise UserError("Either you can't make it or you bring a paper: say one of them.")
    if not slides:
        return await _say_declined(context, session)
    await put_slides(context, session, slides)
    return f"{await _say_declined(context, session)} {say(context.group, SLIDES_STAND)}"


async def _say_declined(context: Context, session: Session) -> str:
    after = await context.store.act(decline_presenting, context.act(), session.id)
    group, day = context.group, day_of(after, context.group)
    if after.presenter:
        return say(group, "You are not presenting on {day}; {name} is asked now.", day=day, name=after.presenter.name)
    if after.open_discussion:
        return say(
            group,
            "You are not presenting on {day}. Nobody else could be asked, so it will be an open discussion.",
            day=day,
        )
    return say(group, "You are not presenting on {day}. Everybody is told that somebody else can.", day=day)


def _say_confirmed(context: Context, session: Session, *, has_paper: bool) -> str:
    said = _say_presents(context, session)
    if has_paper:
        slides = say(context.group, "Your slides go on the meeting's card with /paper meeting present slides:https://…")
        return f"{said} {slides}"
    return f"{said} {_ask_for_paper(context, session)}"


def _say_presents(context: Context, session: Session) -> str:
    return say(context.group, "You present on {time}.", time=say_when(context, session))


def _ask_for_paper(context: Context, session: Session) -> str:
    group, by = context.group, step_time(StepKind.PAPER, session, context.group)
    if by and by > context.now():
        return say(
            group,
            "Bring a paper by {time}: /paper meeting present paper:…, with its number, link or words of its title.",
            time=spoken_time(by, group),
        )
    return say(group, "Bring a paper: /paper meeting present paper:…, with its number, link or words of its title.")


def _say_brought(context: Context, session: Session, paper: Entry) -> str:
    title, at = quoted(paper.paper.title), say_when(context, session)
    return say(context.group, "{paper} is what we read on {time}.", paper=title, time=at)


async def put_slides(context: Context, session: Session, slides: str) -> None:
    """Raises Refused for those of others."""
    act = part(context.act(), "slides")
    await context.store.act(put_link, act, session.id, slides, moderates=context.is_moderator)


async def _tell(context: Context, session: Session) -> Reply:
    """Who presents, and what the one who asks can do about it."""
    group, presenter, at = context.group, session.presenter, say_when(context, session)
    yes = Button(say(group, "I'll present"), "present", argument=("answer", "yes"), session=session.id)
    if presenter is None:
        said = say(group, "Nobody presents on {time} yet.", time=at)
        return Reply(said, choices=(yes,) if session.settled or _brings(context) else ())
    if presenter.id != context.act().member:
        return Reply(say(group, "{name} presents on {time}. /paper claim backs them up.", name=presenter.name, time=at))
    no = Button(say(group, "Can't make it"), "present", argument=("answer", "no"), session=session.id)
    if session.confirmed_at:
        return Reply(_say_presents(context, session), choices=(no,))
    return Reply(say(group, "You are asked to present on {time}.", time=at), choices=(yes, no))


def _brings(context: Context) -> bool:
    return context.group.week.mode == "presenter"


# --- handing over


@command(
    "handover",
    "somebody else presents instead of me, or gets a paper I claimed",
    Policy.MEMBER,
    SOMEBODY,
    HANDED,
    slow=True,
    de=("weitergeben", "jemand anders stellt statt mir vor oder bekommt ein Paper von mir"),
    section=MEETING,
)
async def handover(context: Context, member: Assignee, paper: Entry | None = None) -> Reply:
    session = await _own_meeting(context, paper)
    # Asked now: what it gave away must not make another their next.
    if await context.store.peek(lambda rows: rows.requests.knows(context.act())):
        return Reply(say(context.group, "You handed that over to {name} already.", name=member.name))
    if session is None and paper is None:
        paper = await _only_claim(context)
    to = await enrolled(context, member, say(context.group, "nothing was handed over"))
    if to.id == context.act().member:
        raise UserError("That is you already.")
    if session:
        after = await context.store.act(hand_over, context.act(), session.id, to.id)
        return Reply(_say_asked_instead(context, after, to.name))
    result = await context.store.act(hand_over_claim, context.act(), paper.id if paper else 0, to.id)
    return Reply(_say_held(context.group, result.holder.name if result.holder else "", paper))


def _say_asked_instead(context: Context, session: Session, name: str) -> str:
    return say(
        context.group,
        "{name} is asked to present on {time} instead of you.",
        name=name,
        time=say_when(context, session),
    )


def _say_held(group: GroupSettings, holder: str, paper: Entry | None) -> str:
    what = quoted(paper.paper.title) if paper else say(group, "it")
    if holder:
        return say(group, "{name} holds {paper} now.", name=holder, paper=what)
    return say(group, "Nobody holds {paper} now.", paper=what)


async def _own_meeting(context: Context, paper: Entry | None) -> Session | None:
    """The next one that the member presents; of a paper, the one that reads it."""
    ahead = await context.store.read(lambda rows: rows.sessions.sessions(context.group.id, context.now()))
    own = [session for session in ahead if session.status == "planned" and _is_by(session, context.act().member)]
    return next((session for session in own if paper is None or session.entry == paper.id), None)


def _is_by(session: Session, member: int) -> bool:
    return session.presenter is not None and session.presenter.id == member


async def _only_claim(context: Context) -> Entry:
    """What the member holds, where that is one paper."""
    member = context.act().member
    claimed = await context.store.read(lambda rows: rows.entries.held_by(context.group.id, member, "claimed"))
    held = [entry for entry in claimed if entry.claimer and entry.claimer.id == member]
    if not held:
        raise UserError("You present nothing and hold no paper, so there is nothing to hand over.")
    if len(held) > 1:
        raise UserError("You hold {n} papers. Say which one: /paper meeting handover member:NAME paper:…", n=len(held))
    return held[0]
