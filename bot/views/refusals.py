"""What a member reads when a rule of the group said no: a sentence that says what to do, for each reason."""

from collections.abc import Callable, Mapping, Sequence

from bot.errors import Refused
from bot.languages import Listener, count, joined, msgid, say
from bot.model import GroupSettings, Session, addressed
from bot.views.dates import day_of
from bot.wording import sentence


def word_refusal(refused: Refused, to: Listener) -> str:
    """The table has the sentence, which takes the facts as they are, or a function that makes one of them. Of a meeting
    there is its day, too."""
    wording, facts = REFUSALS[refused.reason], dict(refused.facts)
    session, group = facts.pop("session", None), facts.pop("group", None)
    if isinstance(session, Session) and isinstance(group, GroupSettings):
        facts |= {"session": session, "day": day_of(session, addressed(group, to.tongue))}
    elif group:
        facts["group"] = group
    return say(to, wording, **facts) if isinstance(wording, str) else wording(to, **facts)


def _spent(to: Listener, budget: int) -> str:
    return count(
        to,
        "Everybody has one vote until the ballot closes, and yours is given. Take it back first, with "
        "/paper unvote or the button Vote on its card.",
        "Everybody has {n} votes until the ballot closes, and yours are given. Take one back first, with "
        "/paper unvote or the button Vote on its card.",
        budget,
    )


def _not_taking_place(to: Listener, session: Session, day: str) -> str:
    why = session.why.rstrip(".")
    if not why:
        return say(
            to,
            "The meeting of {day} does not take place. A moderator brings a skipped one back with /paper-admin undo.",
            day=day,
        )
    return say(
        to,
        "The meeting of {day} does not take place: {why}. A moderator brings a skipped one back with "
        "/paper-admin undo.",
        day=day,
        why=why,
    )


def _not_presenting(to: Listener, session: Session, day: str, themselves: bool) -> str:
    if themselves:
        return say(to, "You don't present on {day}; there is nothing to call off.", day=day)
    if session.presenter is None:
        return say(to, "Nobody presents on {day} by now.", day=day)
    return say(to, "Somebody else presents on {day} by now. /paper next tells who.", day=day)


def _read_elsewhere(to: Listener, title: str, session: Session, day: str, is_over: bool) -> str:
    if is_over:
        return say(to, "The group read “{title}” on {day} already. Choose another paper.", title=title, day=day)
    return say(to, "The group reads “{title}” on {day} already. Choose another paper.", title=title, day=day)


def _has_slides(to: Listener, names: Sequence[str], session: Session, day: str) -> str:
    return say(
        to,
        "The meeting of {day} has slides already; only {who} can change them.",
        day=day,
        who=joined(to, [*names, say(to, "moderators")]),
    )


def _role_taken(to: Listener, name: str, role: str) -> str:
    return say(
        to,
        "{name} is the {role} of that meeting already. Take another role, or ask them for it.",
        name=name,
        role=say(to, role),
    )


REFUSALS: Mapping[str, str | Callable[..., str]] = {
    "stranger": msgid("You are not a member of this group yet."),
    "no member": msgid("They are not a member of this group yet."),
    "not joined": msgid("They are not a member of this group yet. They join with their first vote or command."),
    "no group": msgid('There is no group "{group:.40}" here.'),
    "no entry": msgid("That paper is not on this group's list."),
    "no channel": msgid("A discussion opens in a channel of the group; ask there."),
    # votes
    "dropped": msgid("A moderator dropped that paper: votes for it don't count. /paper-admin restore puts it back."),
    "withdrawn": msgid("“{title}” was withdrawn by who handed it in. /paper submit hands it in again."),
    "spent": _spent,
    "was read": msgid(
        "The group read “{title}” on {day}: votes and claims for it count no more. A moderator chooses it for another "
        "meeting with /paper-admin pick."
    ),
    "listed already": msgid("“{title}” is on a list already. /paper-admin drop takes it off the vote."),
    "reading list full": msgid(
        "Your reading list has room for {most} papers. Take one off first: /paper mine shows them."
    ),
    # claims
    "not the holder": msgid("Only who has claimed a paper can hand it over."),
    "not your claim": msgid(
        "That claim has ended or is not yours. The button Claim on the paper's card begins a new one."
    ),
    # meetings
    "no meeting": msgid("This group has no such meeting. /paper next tells of the one that comes."),
    "no meeting planned": msgid(
        "No meeting is planned. A moderator sets it with /paper-admin schedule thursdays 17:00."
    ),
    "no more meetings": msgid(
        "No meeting is to come: the dates that were set are over. A moderator sets new ones with /paper-admin schedule."
    ),
    "not met yet": msgid("This group has not met yet. /paper next tells of the first meeting."),
    "not taking place": _not_taking_place,
    "over": msgid("The meeting of {day} is over. /paper next tells of the one that comes."),
    "begun": msgid("The meeting of {day} has begun; that can't be changed any more."),
    "stays off": msgid("The meeting of {day} can't be brought back any more."),
    "time has passed": msgid("That time has passed. Name one that is still to come."),
    "another at that time": msgid(
        "Another meeting of this group begins at that very time. Move or skip that one first."
    ),
    "too short or long": msgid("A meeting takes {allowed} minutes."),
    "role taken": _role_taken,
    # the pick
    "ballot closed": msgid("The ballot of that meeting has closed."),
    "not on the short list": msgid("Only papers of the short list can stand on a ballot."),
    "dropped from the vote": msgid("“{title}” was dropped. /paper-admin restore brings it back."),
    "reads already": msgid("The group reads “{title}” on {day} already."),
    "nothing proposed": msgid(
        "No paper is proposed for that meeting yet. Vote for one; a moderator can choose with /paper-admin pick."
    ),
    "settled already": msgid("That paper is settled already; there is nothing left to confirm."),
    "no other paper": msgid(
        "No other paper is in line. Choose one with /paper-admin pick, or let the vote go on with /paper-admin reopen."
    ),
    "no vote here": msgid("This group does not vote: its presenters bring a paper. /paper-admin pick chooses one."),
    "closes at another time": msgid("The vote can go on until a time between now and the start of the meeting."),
    # who presents
    "no paper yet": msgid(
        "No paper is picked for that meeting yet. Vote for the one that you want, and claim it to present it."
    ),
    "nothing to present": msgid("No paper is picked for that meeting yet, so nobody presents."),
    "presents already": msgid("{name} presents on {day}. Claim the paper as a backup to follow them."),
    "not presenting": _not_presenting,
    "on leave": msgid("{name} is on leave on {day}. Ask somebody else."),
    "votes for papers": msgid("This group votes for what it reads. Vote for the paper, and claim it to present it."),
    "brings the paper": msgid("{name} presents on {day} and brings the paper."),
    "was dropped": msgid("“{title}” was dropped by a moderator. Choose another paper."),
    "is read elsewhere": _read_elsewhere,
    "claimed already": msgid(
        "{name} has claimed “{title}”. Choose another paper, or ask {name} to hand it over with "
        "/paper meeting handover."
    ),
    "has slides": _has_slides,
    # what members hand in
    "no list": msgid("There is no list yet to put it on. Hand it in again after the first post."),
    "submission gone": msgid("That request was handled before, and its paper is not on the list."),
    "not yours": msgid("“{title}” was not handed in by you. A moderator takes a paper off the vote."),
    "taken up": msgid(
        "“{title}” stays: somebody else has voted for it, claimed it or opened its discussion, or a meeting has it. A "
        "moderator takes it off the vote with /paper-admin drop."
    ),
    # people
    "bad name": msgid("Choose a name of 1 to {longest} characters."),
    "not invited": msgid(
        "Names are chosen here with a code. Ask a moderator for one, then type /paper join NAME code:CODE, or fill in "
        "both fields. Reading needs no name."
    ),
    "taken name": msgid('The name "{name}" is taken here; choose another.'),
    "link gone": msgid("Nobody asks for that any more. /paper my link begins anew."),
    "own code": msgid("That code is your own. Say it where you have your other account."),
    # settings
    "setting": lambda to, setting, fault: sentence(fault),
    "taken": msgid("{group} meets in that channel; /paper-admin stop there makes room."),
}
