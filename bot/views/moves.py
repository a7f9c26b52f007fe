"""One step of the week in words, for the channels that are told of it and for the moderators' audit."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.cards import Card, Message
from bot.groups.post_times import local_date
from bot.model import GroupSettings, Logged, Session, Wanted
from bot.ports import Reads
from bot.views.dates import day_of, spoken, spoken_time
from bot.views.kinds import message
from bot.views.meeting import present_button
from bot.views.papers import quoted
from bot.wording import sentence

A_PAPER = "the paper"
GONE = ("skip", "cancel", "headcount", "missed")  # the meeting does not take place
UNSEATED = ("decline", "silent", "release session", "name", "open")  # somebody else may be wanted


@message("step")
def build_step(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    logged = rows.audit.logged(group.id, int(wanted.key))
    if logged is None:
        return None
    session = rows.sessions.session(group.id, logged.session) if logged.session else None
    card = step_card(logged, group, session)
    if session and logged.action in GONE and not logged.undone:
        card = replace(card, body=f"{card.body}{_say_next(session, group, rows)}")
    return Message(f"{card.title}: {card.body}", card)


def _say_next(session: Session, group: GroupSettings, rows: Reads) -> str:
    """The meeting behind one that does not take place."""
    behind = rows.sessions.sessions(group.id, session.starts)
    later = [other for other in behind if other.status == "planned" and other.starts > session.starts]
    return f" The next meeting is on {day_of(later[0], group)}." if later else ""


def step_card(logged: Logged, group: GroupSettings, session: Session | None) -> Card:
    title = _title(logged, group, session)
    said = sentence(say_move(logged, group))
    if logged.undone:
        return Card("notice", title, body=f"{said} That was taken back.")
    wants = session if session and logged.action in UNSEATED and _wants_presenter(session) else None
    return Card(
        kind="notice",
        title=title,
        body=f"{said} {_advise(logged, group, session, wants)}".strip(),
        footer=f"by {logged.by}" if logged.by and logged.by not in said else "",
        buttons=(present_button(wants),) if wants else (),
    )


def _title(logged: Logged, group: GroupSettings, session: Session | None) -> str:
    """By the date that it had before this step."""
    if starts := logged.before.get("starts"):
        return f"Meeting on {spoken(local_date(starts, group), group)}"
    return f"Meeting on {day_of(session, group)}" if session else "Our meetings"


def _wants_presenter(session: Session) -> bool:
    return session.status == "planned" and session.presenter is None


def _advise(logged: Logged, group: GroupSettings, session: Session | None, wants: Session | None) -> str:
    """What is to be done now, or what has become of it."""
    if wants:
        after_all = " after all" if wants.open_discussion else ""
        return f"Whoever would like to present{after_all} presses I'll present."
    if session and session.presenter and logged.action in UNSEATED and logged.after.get("presenter") is None:
        return f"{session.presenter.name} presents{' now' if session.confirmed_at else ', if they say yes'}."
    if session and session.entry is None and logged.action == "pick" and session.status == "planned":
        if group.week.mode == "presenter":
            how = "with /paper meeting present, or a moderator chooses one with /paper-admin pick"
            return f"Whoever presents brings one {how}."
        return "A moderator chooses one with /paper-admin pick, or lets the vote go on with /paper-admin reopen."
    return "Votes and claims stay as they are." if logged.action == "skip" else ""


def say_move(logged: Logged, group: GroupSettings) -> str:
    """`Ann can't present; Bob is asked`: whose meeting it is about is said elsewhere."""
    tell = _WORDS.get(logged.action)
    said = tell(_Told(logged, group)) if tell else logged.action
    return f"{said} ({logged.reason})" if logged.reason and logged.action not in _SAY_WHY else said


class _Told:
    """What a step changed, with names for ids."""

    def __init__(self, logged: Logged, group: GroupSettings) -> None:
        self._logged = logged
        self._group = group
        self.before, self.after, self.by = logged.before, logged.after, logged.by

    def paper(self, values: Mapping[str, object]) -> str:
        entry = values.get("entry")
        title = self._logged.titles.get(entry) if isinstance(entry, int) else None
        return quoted(title) if title else A_PAPER

    def presenter(self, values: Mapping[str, object]) -> str:
        """ "" for nobody."""
        member = values.get("presenter")
        return self._logged.members.get(member, "somebody") if isinstance(member, int) else ""

    def time(self, name: str) -> str:
        at = self.after.get(name)
        return spoken_time(at, self._group) if at else ""

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
            return "; it will be an open discussion"
        return f"; {now} is asked" if now else "; nobody presents yet"


def _say_moved(told: _Told) -> str:
    """What of time, length and place changed; what was set to what it was already is not worth a word."""
    changed = [name for name in ("starts", "minutes", "place") if told.after.get(name) != told.before.get(name)]
    parts = {
        "starts": f"the meeting is on {told.time('starts')} instead",
        "minutes": f"it takes {told.after.get('minutes')} minutes",
        "place": f"the place is {told.after.get('place')}" if told.after.get("place") else "the place is open",
    }
    return ", ".join(parts[name] for name in changed) or "the meeting stays as it is"


def _say_reopened(told: _Told) -> str:
    until = told.time("closes_at")
    return f"the vote is open again{f' until {until}' if until else ''}"


def _say_chosen(told: _Told) -> str:
    if told.after.get("entry") is None:
        return "no paper is picked"
    before = told.paper(told.before)
    instead = f" instead of {before}" if before not in (A_PAPER, told.paper(told.after)) else ""
    return f"{told.paper(told.after)} is picked{instead}"


def _say_gone(what: str) -> Callable[[_Told], str]:
    def say(told: _Told) -> str:
        return f"{told.presenter(told.before) or 'the presenter'} {what}{told.instead}"

    return say


def _say_handed(told: _Told) -> str:
    return f"{told.presenter(told.before) or 'the presenter'} hands over to {told.presenter(told.after) or 'nobody'}"


def _say_named(told: _Told) -> str:
    name = told.presenter(told.after)
    return f"it is {name}'s turn to present" if name else f"nobody can present{told.why}"


def _say_assigned(told: _Told) -> str:
    return f"{told.presenter(told.after) or 'nobody'} is to present"


def _say_presents(told: _Told) -> str:
    return f"{told.presenter(told.after) or told.by or 'the presenter'} presents"


_SAY_WHY = (*GONE, "close", "shortlist", "name", "hand over")  # the reason is a part of what is said, or says the same
_WORDS: dict[str, Callable[[_Told], str]] = {
    "close": lambda told: "the vote is closed",
    "shortlist": lambda told: "the short list is made",
    "pick": _say_chosen,
    "propose": lambda told: f"{told.paper(told.after)} is proposed",
    "accept": lambda told: f"{told.paper(told.after)} is settled",
    "next": _say_chosen,
    "reopen": _say_reopened,
    "skip": lambda told: f"there is no meeting{told.why}",
    "unskip": lambda told: "the meeting takes place after all",
    "move": _say_moved,
    "cancel": lambda told: f"the meeting is called off{told.why}",
    "name": _say_named,
    "confirm": _say_presents,
    "decline": _say_gone("can't present"),
    "silent": _say_gone("did not answer in time"),
    "volunteer": _say_presents,
    "hand over": _say_handed,
    "assign session": _say_assigned,
    "release session": _say_gone("does not present any more"),
    "open": lambda told: "nobody presents: it will be an open discussion",
    "bring": lambda told: f"{told.by or 'the presenter'} brings {told.paper(told.after)}",
    "slides": lambda told: f"the slides are {told.after.get('slides') or 'taken away'}",
    "headcount": lambda told: f"the meeting is called off{told.why or ': too few come'}",
    "missed": lambda told: f"nothing came of the meeting{told.why}",
}
