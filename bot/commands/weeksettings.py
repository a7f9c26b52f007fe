"""`/paper-admin week`: how the group chooses what to read and what happens before a meeting, each told in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.cards import Button, Card, Choice, Field, Form, Input, Reply, Select
from bot.commands.changing import BY_WORD, change
from bot.commands.settings import Setting
from bot.commands.table import Context, Policy, command
from bot.commands.weekvalues import (
    HIDDEN_CHOICES,
    MODE_CHOICES,
    PICK_CHOICES,
    RULE_CHOICES,
    WEEK_VALUES,
    say_meets,
)
from bot.model import GroupSettings
from bot.timeline import Duration
from bot.wording import capitalised, plural

TYPED = "Typed: /paper-admin week rule:schulze hidden:yes ballot:3 days reminders:1 day, 1 hour"
NO_REACTIONS = (
    "Reactions stop being votes: they can be neither hidden nor counted out. Members vote by button or /paper vote."
)
NUMBERS = ("budget", "shortlist", "headcount", "sleep", "roles")
LENGTHS = {
    "vote": ("nominations", "ballot", "volunteers", "confirm", "reminders"),
    "presenter": ("nominations", "bring", "confirm", "reminders", "recap"),
}
ASKED = {  # at most 45 characters
    "budget": "Votes a member has, 0: any number",
    "shortlist": "Papers on a ballot, 2 to 20",
    "headcount": "Members who must come, 0: nobody must",
    "sleep": "Weeks until a claim sleeps, 0: never",
    "roles": "reviewer, critic, archaeologist, scribe; none",
    "nominations": "Nominations open, before the meeting",
    "ballot": "Vote closes, before the meeting",
    "volunteers": "Rota steps in, before the meeting",
    "bring": "Paper is brought, before the meeting",
    "confirm": "Presenter confirms, before the meeting",
    "reminders": "Reminders, with commas between; or off",
    "recap": "Recap is asked for, after the end",
}


@command(
    "week",
    "how papers are chosen, and what happens when: without anything, a panel",
    Policy.MODERATOR,
    *WEEK_VALUES,
    de=("woche", "wie Papers gewählt werden und was wann geschieht; ohne Angaben eine Tafel"),
)
async def week(context: Context, **chosen: str) -> Reply:
    asked = context.request.args.get("ask", "")
    if asked == "numbers":
        return _ask(context, "Numbers", NUMBERS, "/paper-admin week budget:3 headcount:4 roles:critic, scribe")
    if asked == "lengths":
        return _ask(context, "What happens when", LENGTHS[context.group.week.mode], TYPED.removeprefix("Typed: "))
    before = context.group
    said = await change(context, chosen)
    return show_week(context, " ".join(part for part in (said, _warn(context, before)) if part))


def _warn(context: Context, before: GroupSettings) -> str:
    """What a change brings along that was not asked for."""
    after = context.groups.by_id[before.id].week
    told = [NO_REACTIONS] if before.week.counts_reactions and not after.counts_reactions else []
    if after.counts_reactions and not before.week.counts_reactions:
        told.append("Reactions are votes again.")
    is_other = (after.mode, after.rule) != (before.week.mode, before.week.rule)
    if is_other and after.mode == "presenter" and after.rule != "votes":
        told.append("Ballots are filled in with mode vote only.")
    return " ".join(told)


def show_week(context: Context, said: str = "") -> Reply:
    """The week as it is now. Pressed, it takes the place of the panel."""
    group = context.groups.by_id[context.group.id]
    return Reply(said or f"The week of {group.name}.", (_panel(context, group),), replaces=context.request.pressed)


def _panel(context: Context, group: GroupSettings) -> Card:
    return Card(
        kind="notice",
        title=f"The week of {group.name}",
        fields=tuple(_fields(context, group)),
        footer=TYPED,
        buttons=(
            Button("When and where…", "schedule", argument=("ask", "when")),
            Button("Numbers…", "week", argument=("ask", "numbers")),
            Button("What happens when…", "week", argument=("ask", "lengths")),
            Button("Preview", "preview"),
            Button("Undo", "undo"),
        ),
        selects=(
            _select("Who chooses the paper", "mode", MODE_CHOICES, group),
            _select("How votes are counted", "rule", RULE_CHOICES, group),
            _select("Who decides", "pick", PICK_CHOICES, group),
            _select("Hidden counts", "hidden", HIDDEN_CHOICES, group),
        ),
    )


def _select(label: str, word: str, choices: Sequence[Choice], group: GroupSettings) -> Select:
    chosen = BY_WORD[word].say(group)
    return Select(label, "week", word, tuple(replace(choice, chosen=choice.value == chosen) for choice in choices))


# --- in words


def _fields(context: Context, group: GroupSettings) -> Iterator[Field]:
    week = group.week
    yield Field("Meets", f"{capitalised(say_meets(group))} ({group.timezone})" if week.session else _no_session())
    yield Field("Place and length", f"{week.place or 'not said'}, {plural(week.minutes, 'minute')}")
    yield Field("Who chooses the paper", _explain("mode", MODE_CHOICES, group))
    if week.mode == "vote":
        yield from _vote_fields(group)
    yield Field("Headcount", _headcount(group))
    yield Field("Claims", _claims(group))
    if week.roles:
        yield Field("Roles", ", ".join(week.roles))
    yield Field("What happens when", "; ".join(_timeline(group)))
    if changed := [row.label for row in _changed(context, group)]:
        yield Field("Changed from chat", f"{', '.join(changed)}; /paper-admin settings tells by whom")


def _no_session() -> str:
    return "At no set time, so no week runs. /paper-admin schedule thursdays 17:00"


def _explain(word: str, choices: Sequence[Choice], group: GroupSettings) -> str:
    """What its choice says, without the value that is typed for it."""
    value = BY_WORD[word].say(group)
    label = next(choice.label for choice in choices if choice.value == value)
    return capitalised(label.partition(": ")[2])


def _vote_fields(group: GroupSettings) -> Iterator[Field]:
    week = group.week
    ballots = f"; {plural(week.shortlist, 'paper')} on the list" if week.has_ballots else ""
    yield Field("How votes are counted", f"{_explain('rule', RULE_CHOICES, group)}{ballots}")
    if week.weighted:
        yield Field("Weights", "Votes of those who came to the last meetings weigh more")
    yield Field("Who decides", _explain("pick", PICK_CHOICES, group))
    yield Field("Counts", _explain("hidden", HIDDEN_CHOICES, group))
    if week.budget:
        yield Field("Votes of a member", f"{plural(week.budget, 'vote')} for each meeting; reactions are no votes")


def _headcount(group: GroupSettings) -> str:
    if not group.week.headcount:
        return "It takes place however many say that they come"
    length = group.week.timeline.length("headcount")
    return f"Called off {length} before when fewer than {group.week.headcount} have said that they come"


def _claims(group: GroupSettings) -> str:
    weeks = group.week.sleep_weeks
    return f"Sleep after {plural(weeks, 'week')} without a pick; their holder is asked" if weeks else "Never sleep"


def _timeline(group: GroupSettings) -> Iterator[str]:
    week = group.week
    steps = ["nominations", "confirm", "thread", "recap"]
    if week.mode == "vote":
        steps[1:1] = [*(["shortlisted"] if week.has_ballots else []), "ballot", "volunteers"]
    else:
        steps[1:1] = ["bring"]
    for word in steps:
        row = BY_WORD[word]
        label = "rota names who presents" if word == "nominations" and week.mode == "presenter" else row.label.lower()
        yield f"{label} {row.say(group)}"
    yield f"reminders {BY_WORD['reminders'].say(group)}"


def _changed(context: Context, group: GroupSettings) -> Sequence[Setting]:
    overrides = context.groups.overrides(group.id)
    return [row for row in BY_WORD.values() if row.name in overrides and row.name.startswith("week.")]


# --- forms


def _ask(context: Context, title: str, words: Sequence[str], typed: str) -> Reply:
    values = _typed_values(context.group)
    inputs = tuple(Input(word, ASKED[word], values[word], required=False) for word in words)
    return Reply(f"Type it like {typed}", form=Form(title, "week", inputs))


def _typed_values(group: GroupSettings) -> Mapping[str, str]:
    """As they would be typed."""
    week, timeline = group.week, group.week.timeline
    numbers = {
        "budget": str(week.budget),
        "shortlist": str(week.shortlist),
        "headcount": str(week.headcount),
        "sleep": str(week.sleep_weeks),
        "roles": ", ".join(week.roles) or "none",
        "bring": _length(timeline.length("paper")),
        "reminders": timeline.reminders or "off",
    }
    names = ("nominations", "ballot", "volunteers", "confirm", "recap")
    return {**numbers, **{name: _length(timeline.length(name)) for name in names}}


def _length(length: Duration | None) -> str:
    return str(length) if length else "off"
