"""What a member reads when a rule of the group said no: a sentence that says what to do, for each reason."""

from collections.abc import Callable, Mapping, Sequence

from bot.errors import Refused
from bot.model import GroupSettings, Session
from bot.views.dates import day_of
from bot.wording import join_words, sentence


def word_refusal(refused: Refused) -> str:
    return REFUSALS[refused.reason](**refused.facts)


def _spent(budget: int) -> str:
    votes = f"{budget} votes" if budget > 1 else "one vote"
    return (
        f"Everybody has {votes} until the ballot closes, and yours are given. Take one back first, with "
        "/paper unvote or the button Vote on its card."
    )


# --- meetings


def _not_taking_place(session: Session, group: GroupSettings) -> str:
    return (
        f"The meeting of {day_of(session, group)} does not take place: {session.why or session.status}. A moderator "
        "brings a skipped one back with /paper-admin undo."
    )


def _over(session: Session, group: GroupSettings) -> str:
    return f"The meeting of {day_of(session, group)} is over. /paper next tells of the one that comes."


def _begun(session: Session, group: GroupSettings) -> str:
    return f"The meeting of {day_of(session, group)} has begun; that can't be changed any more."


def _stays_off(session: Session, group: GroupSettings) -> str:
    return f"The meeting of {day_of(session, group)} can't be brought back any more."


# --- the pick


def _reads_already(title: str, session: Session, group: GroupSettings) -> str:
    return f"The group reads “{title}” on {day_of(session, group)} already."


# --- who presents


def _presents_already(name: str, session: Session, group: GroupSettings) -> str:
    return f"{name} presents on {day_of(session, group)}. Claim the paper as a backup to follow them."


def _not_presenting(session: Session, group: GroupSettings, themselves: bool) -> str:
    day = day_of(session, group)
    if themselves:
        return f"You don't present on {day}; there is nothing to call off."
    if session.presenter is None:
        return f"Nobody presents on {day} by now."
    return f"Somebody else presents on {day} by now. /paper next tells who."


def _on_leave(name: str, session: Session, group: GroupSettings) -> str:
    return f"{name} is on leave on {day_of(session, group)}. Ask somebody else."


def _brings(name: str, session: Session, group: GroupSettings) -> str:
    return f"{name} presents on {day_of(session, group)} and brings the paper."


def _read_elsewhere(title: str, session: Session, group: GroupSettings, is_over: bool) -> str:
    reads = "read" if is_over else "reads"
    return f"The group {reads} “{title}” on {day_of(session, group)} already. Choose another paper."


def _claimed(name: str, title: str) -> str:
    otherwise = f"ask {name} to hand it over with /paper meeting handover"
    return f"{name} has claimed “{title}”. Choose another paper, or {otherwise}."


def _has_slides(names: Sequence[str], session: Session, group: GroupSettings) -> str:
    who = join_words([*names, "moderators"])
    return f"The meeting of {day_of(session, group)} has slides already; only {who} can change them."


REFUSALS: Mapping[str, Callable[..., str]] = {
    "stranger": lambda: "You are not a member of this group yet.",
    "no member": lambda: "They are not a member of this group yet.",
    "not joined": lambda: "They are not a member of this group yet. They join with their first vote or command.",
    "no group": lambda group: f'There is no group "{group[:40]}" here.',
    "no entry": lambda: "That paper is not on this group's list.",
    "no channel": lambda: "A discussion opens in a channel of the group; ask there.",
    # votes
    "dropped": lambda entry: (
        "A moderator dropped that paper: votes for it don't count. /paper-admin drop puts it back."
    ),
    "spent": _spent,
    "reading list full": lambda most: (
        f"Your reading list has room for {most} papers. Take one off first: /paper mine shows them."
    ),
    # claims
    "not the holder": lambda: "Only who has claimed a paper can hand it over.",
    "not your claim": lambda entry: (
        "That claim has ended or is not yours. The button Claim on the paper's card begins a new one."
    ),
    # meetings
    "no meeting": lambda: "This group has no such meeting. /paper next tells of the one that comes.",
    "no meeting planned": lambda: (
        "No meeting is planned. A moderator sets it with /paper-admin schedule thursdays 17:00."
    ),
    "no more meetings": lambda: (
        "No meeting is to come: the dates that were set are over. A moderator sets new ones with /paper-admin schedule."
    ),
    "not met yet": lambda: "This group has not met yet. /paper next tells of the first meeting.",
    "not taking place": _not_taking_place,
    "over": _over,
    "begun": _begun,
    "stays off": _stays_off,
    "time has passed": lambda: "That time has passed. Name one that is still to come.",
    "another at that time": lambda: (
        "Another meeting of this group begins at that very time. Move or skip that one first."
    ),
    "too short or long": lambda allowed: f"A meeting takes {allowed} minutes.",
    "role taken": lambda name, role: (
        f"{name} is the {role} of that meeting already. Take another role, or ask them for it."
    ),
    # the pick
    "ballot closed": lambda: "The ballot of that meeting has closed.",
    "not on the short list": lambda: "Only papers of the short list can stand on a ballot.",
    "dropped from the vote": lambda title: f"“{title}” was dropped. /paper-admin drop brings it back.",
    "reads already": _reads_already,
    "nothing proposed": lambda: (
        "No paper is proposed for that meeting yet. Vote for one; a moderator can choose with /paper-admin pick."
    ),
    "settled already": lambda: "That paper is settled already; there is nothing left to confirm.",
    "no other paper": lambda: (
        "No other paper is in line. Choose one with /paper-admin pick, or let the vote go on with /paper-admin reopen."
    ),
    "no vote here": lambda: "This group does not vote: its presenters bring a paper. /paper-admin pick chooses one.",
    "closes at another time": lambda: "The vote can go on until a time between now and the start of the meeting.",
    # who presents
    "no paper yet": lambda: (
        "No paper is picked for that meeting yet. Vote for the one that you want, and claim it to present it."
    ),
    "nothing to present": lambda: "No paper is picked for that meeting yet, so nobody presents.",
    "presents already": _presents_already,
    "not presenting": _not_presenting,
    "on leave": _on_leave,
    "votes for papers": lambda: "This group votes for what it reads. Vote for the paper, and claim it to present it.",
    "brings the paper": _brings,
    "was dropped": lambda title: f"“{title}” was dropped by a moderator. Choose another paper.",
    "is read elsewhere": _read_elsewhere,
    "claimed already": _claimed,
    "has slides": _has_slides,
    # what members hand in
    "no list": lambda: "There is no list yet to put it on. Hand it in again after the first post.",
    "submission gone": lambda: "That request was handled before, and its paper is not on the list.",
    # people
    "bad name": lambda longest: f"Choose a name of 1 to {longest} characters.",
    "not invited": lambda: (
        "Names are chosen here with a code. Ask a moderator for one, then type /paper join NAME code:CODE, or fill in "
        "both fields. Reading needs no name."
    ),
    "taken name": lambda name: f'The name "{name}" is taken here; choose another.',
    "link gone": lambda: "Nobody asks for that any more. /paper my link begins anew.",
    "own code": lambda: "That code is your own. Say it where you have your other account.",
    # settings
    "setting": lambda setting, fault: sentence(fault),
    "taken": lambda group: f"{group} meets in that channel; /paper-admin stop there makes room.",
}
