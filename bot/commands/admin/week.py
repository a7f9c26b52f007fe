"""`/paper-admin week`: how the group chooses what to read and what happens before a meeting, each told in words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards import Button, Card, Field, Form, Reply, Select
from bot.commands.admin.change import BY_WORD, change
from bot.commands.admin.panel import MOST_INPUTS, inputs_of
from bot.commands.admin.parameters import choices_of, typed_behind
from bot.commands.table import Context, Policy, command
from bot.groups import SETTINGS
from bot.groups.words import say_meets, say_setting
from bot.model import GroupSettings, Setting
from bot.model.settings.kinds import Flag, Length, Lengths, Names, Number, OneOf
from bot.papers.text import cut
from bot.wording import capitalised, join_words, plural

LONGEST_LABEL = 80  # of a button

TYPED = "Or type: /paper-admin week rule:schulze hidden:yes ballot:3 days reminders:1 day, 1 hour"
TYPED_NUMBERS = "/paper-admin week budget:3 headcount:4 roles:critic, scribe"
NO_REACTIONS = (
    "Reactions stop being votes: they can be neither hidden nor counted out. Members vote by button or /paper vote."
)
WEEK = tuple(row for row in SETTINGS.values() if row.command == "week")
STEPS = tuple(row for row in WEEK if isinstance(row.kind, Length | Lengths))  # what happens when
NUMBERS = tuple(row for row in WEEK if isinstance(row.kind, Number | Names))
LISTED = tuple(row for row in WEEK if isinstance(row.kind, OneOf | Flag))[:4]  # Discord has five rows, one for buttons
TOLD = {  # in sentences of the panel's own; others stand there by their label
    *("session", "place", "minutes", "mode", "rule", "pick", "hidden", "budget"),
    *("shortlist", "weighted", "headcount", "sleep_weeks", "roles"),
    *(row.word for row in STEPS),
}


@command(
    "week",
    "how papers are chosen, and what happens when: without anything, a panel",
    Policy.MODERATOR,
    *typed_behind("week"),
    de=("woche", "wie Papers gewählt werden und was wann geschieht; ohne Angaben eine Tafel"),
)
async def week(context: Context, **chosen: str) -> Reply:
    kind, _, page = context.request.args.get("ask", "").partition(" ")
    if kind == "numbers":
        return _ask(context, "Numbers", kind, page, NUMBERS, TYPED_NUMBERS)
    if kind == "lengths":
        return _ask(context, "What happens when", kind, page, STEPS, TYPED.removeprefix("Or type: "))
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
        selects=tuple(_select(row, group) for row in LISTED),
    )


def _select(row: Setting, group: GroupSettings) -> Select:
    chosen = row.stored(group)
    choices = (replace(choice, chosen=choice.value == chosen) for choice in choices_of(row.kind))
    return Select(row.asked, "week", row.word, tuple(choices))


# --- in words


def _fields(context: Context, group: GroupSettings) -> Iterator[Field]:
    week = group.week
    yield Field("Meets", f"{capitalised(say_meets(group))}" if week.session else _no_session())
    yield Field("Place and length", f"{week.place or 'not said'}, {plural(week.minutes, 'minute')}")
    yield Field("Who chooses the paper", _explain("mode", group))
    if week.mode == "vote":
        yield from _vote_fields(group)
    yield Field("Headcount", _headcount(group))
    yield Field("Claims", _claims(group))
    if week.roles:
        yield Field("Roles", ", ".join(week.roles))
    yield from (Field(row.label, say_setting(row, group)) for row in WEEK if row.word not in TOLD)
    yield Field("What happens when", "; ".join(_timeline(group)))
    if changed := [row.label for row in _changed(context, group)]:
        yield Field("Changed from chat", f"{', '.join(changed)}; /paper-admin settings tells by whom")


def _no_session() -> str:
    return "At no set time, so no week runs. /paper-admin schedule thursdays 17:00"


def _explain(word: str, group: GroupSettings) -> str:
    """What its choice does, without the value that is typed for it."""
    row = BY_WORD[word]
    label = next(choice.label for choice in choices_of(row.kind) if choice.value == row.stored(group))
    return capitalised(label.partition(": ")[2])


def _vote_fields(group: GroupSettings) -> Iterator[Field]:
    week = group.week
    ballots = f"; {plural(week.shortlist, 'paper')} on the list" if week.has_ballots else ""
    yield Field("How votes are counted", f"{_explain('rule', group)}{ballots}")
    if week.weighted:
        yield Field("Weights", "Votes of those who came to the last meetings weigh more")
    yield Field("Who decides", _explain("pick", group))
    yield Field("Counts", _explain("hidden", group))
    if week.budget:
        yield Field("Votes of a member", f"{plural(week.budget, 'vote')} for each meeting; reactions are no votes")


def _headcount(group: GroupSettings) -> str:
    if not group.week.headcount:
        return "It takes place however many say that they come"
    length = group.week.timeline.length("counted")
    return f"Called off {length} before when fewer than {group.week.headcount} have said that they come"


def _claims(group: GroupSettings) -> str:
    weeks = group.week.sleep_weeks
    return f"Sleep after {plural(weeks, 'week')} without a pick; their holder is asked" if weeks else "Never sleep"


def _timeline(group: GroupSettings) -> Iterator[str]:
    """Reminders come last, since there are several."""
    for row in sorted(STEPS, key=lambda row: isinstance(row.kind, Lengths)):
        if _comes(row, group):
            label = "rota names who presents" if _names_presenter(row, group) else row.label.lower()
            yield f"{label} {say_setting(row, group)}"


def _comes(row: Setting, group: GroupSettings) -> bool:
    """Whether a group of this shape has such a step. That of the headcount is told with its number."""
    shape = group.week.shape
    is_voted = shape.mode == "vote"
    has = {"shortlisted": shape.ballots, "ballot": is_voted, "volunteers": is_voted, "bring": not is_voted}
    return row.word != "counted" and has.get(row.word, True)


def _names_presenter(row: Setting, group: GroupSettings) -> bool:
    return row.word == "nominations" and group.week.mode == "presenter"


def _changed(context: Context, group: GroupSettings) -> Sequence[Setting]:
    overrides = context.groups.overrides(group.id)
    return [row for row in SETTINGS.values() if row.name in overrides and row.name.startswith("week.")]


# --- forms


def _ask(context: Context, title: str, kind: str, page: str, rows: Sequence[Setting], typed: str) -> Reply:
    """Five at a time; of more it is asked which."""
    asked = [row for row in rows if context.group.week.mode in row.forms]
    pages = [asked[start : start + MOST_INPUTS] for start in range(0, len(asked), MOST_INPUTS)]
    if len(pages) > 1 and not page:
        choices = (
            Button(cut(join_words([row.label for row in part]), LONGEST_LABEL), "week", argument=("ask", f"{kind} {n}"))
            for n, part in enumerate(pages)
        )
        return Reply("Which of them?", choices=tuple(choices))
    shown = pages[int(page)] if page.isdecimal() and int(page) < len(pages) else pages[0]
    return Reply(f"Type it like {typed}", form=Form(title, "week", inputs_of(shown, context.group)))
