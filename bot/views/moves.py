"""One step of the week in words, for the channels that are told of it and for the moderators' audit."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.cards import Card, Message
from bot.groups.post_times import local_date
from bot.languages import msgid, say
from bot.model import GroupSettings, Logged, Session, Wanted
from bot.ports import Reads
from bot.views.dates import day_of, spoken, spoken_time
from bot.views.kinds import message
from bot.views.meeting import present_button
from bot.views.papers import quoted
from bot.wording import sentence

GONE = ("skip", "cancel", "headcount", "missed")  # the meeting does not take place
UNSEATED = ("decline", "silent", "release session", "name", "open")  # somebody else may be wanted


@message("step")
def build_step(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    logged = rows.audit.logged(group.id, int(wanted.key))
    if logged is None:
        return None
    session = rows.sessions.session(group.id, logged.session) if logged.session else None
    card = step_card(logged, group, session, is_over=session is not None and session.ends <= wanted.wanted_at)
    if session and logged.action in GONE and not logged.undone:
        card = replace(card, body=f"{card.body}{_say_next(session, group, rows)}")
    return Message(f"{card.title}: {card.body}", card, replies=True)


def _say_next(session: Session, group: GroupSettings, rows: Reads) -> str:
    """The meeting behind one that does not take place."""
    behind = rows.sessions.sessions(group.id, session.starts)
    later = [other for other in behind if other.status == "planned" and other.starts > session.starts]
    if not later:
        return ""
    return " " + say(group, "The next meeting is on {day}.", day=day_of(later[0], group))


def step_card(logged: Logged, group: GroupSettings, session: Session | None, *, is_over: bool = False) -> Card:
    title = _title(logged, group, session)
    said = sentence(say_move(logged, group))
    if logged.undone:
        return Card("notice", title, body=f"{said} {say(group, 'That was taken back.')}")
    is_open = session and logged.action in UNSEATED and _wants_presenter(session) and not is_over
    wants = session if is_open else None
    return Card(
        kind="notice",
        title=title,
        body=f"{said} {_advise(logged, group, session, wants)}".strip(),
        footer=say(group, "by {name}", name=logged.by) if logged.by and logged.by not in said else "",
        buttons=(present_button(wants, group),) if wants else (),
    )


def _title(logged: Logged, group: GroupSettings, session: Session | None) -> str:
    """By the date that it had before this step."""
    if starts := logged.before.get("starts"):
        return say(group, "Meeting on {day}", day=spoken(local_date(starts, group), group))
    return say(group, "Meeting on {day}", day=day_of(session, group)) if session else say(group, "Our meetings")


def _wants_presenter(session: Session) -> bool:
    return session.status == "planned" and session.presenter is None


def _advise(logged: Logged, group: GroupSettings, session: Session | None, wants: Session | None) -> str:
    """What is to be done now, or what has become of it."""
    if wants:
        if wants.open_discussion:
            return say(group, "Whoever would like to present after all presses I'll present.")
        return say(group, "Whoever would like to present presses I'll present.")
    if session and session.presenter and logged.action in UNSEATED and logged.after.get("presenter") is None:
        if session.confirmed_at:
            return say(group, "{name} presents now.", name=session.presenter.name)
        return say(group, "{name} presents, if they say yes.", name=session.presenter.name)
    if session and session.entry is None and logged.action == "pick" and session.status == "planned":
        if group.week.mode == "presenter":
            return say(
                group,
                "Whoever presents brings one with /paper meeting present, or a moderator chooses one with "
                "/paper-admin pick.",
            )
        return say(
            group,
            "A moderator chooses one with /paper-admin pick, or lets the vote go on with /paper-admin reopen.",
        )
    return say(group, "Votes and claims stay as they are.") if logged.action == "skip" else ""


def say_move(logged: Logged, group: GroupSettings) -> str:
    """`Ann can't present; Bob is asked`: whose meeting it is about is said elsewhere."""
    tell = _WORDS.get(logged.action)
    said = tell(_Told(logged, group)) if tell else logged.action
    return f"{said} ({logged.reason})" if logged.reason and logged.action not in _SAY_WHY else said


class _Told:
    """What a step changed, with names for ids."""

    def __init__(self, logged: Logged, group: GroupSettings) -> None:
        self._logged = logged
        self.group = group
        self.before, self.after = logged.before, logged.after

    def say(self, sentence: str, **values: object) -> str:
        return say(self.group, sentence, **values)

    def title(self, values: Mapping[str, object]) -> str:
        """Quoted; "" where no paper is named."""
        entry = values.get("entry")
        title = self._logged.titles.get(entry) if isinstance(entry, int) else None
        return quoted(title) if title else ""

    def paper(self, values: Mapping[str, object]) -> str:
        return self.title(values) or self.say("the paper")

    def presenter(self, values: Mapping[str, object]) -> str:
        """ "" for nobody."""
        member = values.get("presenter")
        return self._logged.members.get(member, self.say("somebody")) if isinstance(member, int) else ""

    @property
    def gone(self) -> str:
        """Who presented before."""
        return self.presenter(self.before) or self.say("the presenter")

    @property
    def doer(self) -> str:
        return self._logged.by or self.say("the presenter")

    def time(self, name: str) -> str:
        at = self.after.get(name)
        return spoken_time(at, self.group) if at else ""

    @property
    def why(self) -> str:
        """`: exam week`"""
        why = self._logged.reason or str(self.after.get("why") or "")
        return f": {why}" if why else ""

    @property
    def instead(self) -> str:
        """Who is asked now."""
        now = self.presenter(self.after)
        if self.after.get("open_discussion"):
            return self.say("it will be an open discussion")
        return self.say("{name} is asked", name=now) if now else self.say("nobody presents yet")


def _say_moved(told: _Told) -> str:
    """What of time, length and place changed; what was set to what it was already is not worth a word."""
    changed = [name for name in ("starts", "minutes", "place") if told.after.get(name) != told.before.get(name)]
    minutes, place = told.after.get("minutes"), told.after.get("place")
    parts = {
        "starts": told.say("the meeting is on {time} instead", time=told.time("starts")),
        "minutes": told.say("it takes {minutes} minutes", minutes=minutes),
        "place": told.say("the place is {place}", place=place) if place else told.say("the place is open"),
    }
    return ", ".join(parts[name] for name in changed) or told.say("the meeting stays as it is")


def _say_reopened(told: _Told) -> str:
    if until := told.time("closes_at"):
        return told.say("the vote is open again until {time}", time=until)
    return told.say("the vote is open again")


def _say_chosen(told: _Told) -> str:
    if told.after.get("entry") is None:
        return told.say("no paper is picked")
    paper, before = told.paper(told.after), told.title(told.before)
    if before in ("", paper):
        return told.say("{paper} is picked", paper=paper)
    return told.say("{paper} is picked instead of {before}", paper=paper, before=before)


def _say_gone(sentence: str) -> Callable[[_Told], str]:
    return lambda told: f"{told.say(sentence, name=told.gone)}; {told.instead}"


def _say_handed(told: _Told) -> str:
    to = told.presenter(told.after) or told.say("somebody")
    return told.say("{name} hands over to {other}", name=told.gone, other=to)


def _say_named(told: _Told) -> str:
    if name := told.presenter(told.after):
        return told.say("it is {name}'s turn to present", name=name)
    return f"{told.say('nobody can present')}{told.why}"


def _say_assigned(told: _Told) -> str:
    return told.say("{name} is to present", name=told.presenter(told.after) or told.say("nobody"))


def _say_presents(told: _Told) -> str:
    return told.say("{name} presents", name=told.presenter(told.after) or told.doer)


def _say_slides(told: _Told) -> str:
    slides = told.after.get("slides")
    return told.say("the slides are {slides}", slides=slides) if slides else told.say("the slides are taken away")


def _say(sentence: str) -> Callable[[_Told], str]:
    """Of the paper that it is about now, or of nothing."""
    return lambda told: told.say(sentence, paper=told.paper(told.after), name=told.doer)


def _say_why(sentence: str, otherwise: str = "") -> Callable[[_Told], str]:
    def tell(told: _Told) -> str:
        return f"{told.say(sentence)}{told.why}" if told.why or not otherwise else told.say(otherwise)

    return tell


_SAY_WHY = (*GONE, "close", "shortlist", "name", "hand over")  # the reason is a part of what is said, or says the same
_WORDS: dict[str, Callable[[_Told], str]] = {
    "close": _say(msgid("the vote is closed")),
    "shortlist": _say(msgid("the short list is made")),
    "pick": _say_chosen,
    "propose": _say(msgid("{paper} is proposed")),
    "accept": _say(msgid("{paper} is settled")),
    "next": _say_chosen,
    "reopen": _say_reopened,
    "skip": _say_why(msgid("there is no meeting")),
    "unskip": _say(msgid("the meeting takes place after all")),
    "move": _say_moved,
    "cancel": _say_why(msgid("the meeting is called off")),
    "name": _say_named,
    "confirm": _say_presents,
    "decline": _say_gone(msgid("{name} can't present")),
    "silent": _say_gone(msgid("{name} did not answer in time")),
    "volunteer": _say_presents,
    "hand over": _say_handed,
    "assign session": _say_assigned,
    "release session": _say_gone(msgid("{name} does not present any more")),
    "open": _say(msgid("nobody presents: it will be an open discussion")),
    "bring": _say(msgid("{name} brings {paper}")),
    "slides": _say_slides,
    "headcount": _say_why(msgid("the meeting is called off"), msgid("the meeting is called off: too few come")),
    "missed": _say_why(msgid("nothing came of the meeting")),
}
