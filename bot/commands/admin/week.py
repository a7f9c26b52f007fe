"""`/paper-admin week`: how the group chooses what to read and what happens before a meeting, each told in words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards import Button, Card, Field, Form, Reply, Select
from bot.commands.admin.change import BY_WORD, change, renewed
from bot.commands.admin.panel import MOST_INPUTS, inputs_of
from bot.commands.admin.parameters import choices_of, typed_behind
from bot.commands.table import Context, Policy, command
from bot.groups import SETTINGS
from bot.groups.words import say_meets, say_setting
from bot.languages import count, joined, msgid, say
from bot.model import GroupSettings, Setting
from bot.model.settings.kinds import Flag, Length, Lengths, Names, Number, OneOf
from bot.papers.text import cut
from bot.wording import capitalised

LONGEST_LABEL = 80  # of a button

TYPED = msgid("Or type: /paper-admin week rule:schulze hidden:yes ballot:3 days reminders:1 day, 1 hour")
TYPED_NUMBERS = msgid("Type it like /paper-admin week budget:3 headcount:4 roles:critic, scribe")
TYPED_LENGTHS = msgid("Type it like /paper-admin week rule:schulze hidden:yes ballot:3 days reminders:1 day, 1 hour")
NO_REACTIONS = msgid(
    "Reactions stop being votes: they can be neither hidden nor counted out. Members vote by button or /paper vote."
)
NO_SESSION = msgid("At no set time, so no week runs. /paper-admin schedule thursdays 17:00")
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
        return _ask(context, say(context.group, "Numbers"), kind, page, NUMBERS, say(context.group, TYPED_NUMBERS))
    if kind == "lengths":
        title = say(context.group, "What happens when")
        return _ask(context, title, kind, page, STEPS, say(context.group, TYPED_LENGTHS))
    before = context.group
    said = await change(context, chosen)
    return show_week(context, " ".join(part for part in (said, _warn(context, before)) if part))


def _warn(context: Context, before: GroupSettings) -> str:
    """What a change brings along that was not asked for."""
    after = renewed(context).week
    told = [say(before, NO_REACTIONS)] if before.week.counts_reactions and not after.counts_reactions else []
    if after.counts_reactions and not before.week.counts_reactions:
        told.append(say(before, "Reactions are votes again."))
    is_other = (after.mode, after.rule) != (before.week.mode, before.week.rule)
    if is_other and after.mode == "presenter" and after.rule != "votes":
        told.append(say(before, "Ballots are filled in with mode vote only."))
    return " ".join(told)


def show_week(context: Context, said: str = "") -> Reply:
    """The week as it is now. Pressed, it takes the place of the panel."""
    group = renewed(context)
    said = said or say(group, "The week of {group}.", group=group.name)
    return Reply(said, (_panel(context, group),), replaces=context.request.pressed)


def _panel(context: Context, group: GroupSettings) -> Card:
    return Card(
        kind="notice",
        title=say(group, "The week of {group}", group=group.name),
        fields=tuple(_fields(context, group)),
        footer=say(group, TYPED),
        buttons=(
            Button(say(group, "When and where…"), "schedule", argument=("ask", "when")),
            Button(say(group, "Numbers…"), "week", argument=("ask", "numbers")),
            Button(say(group, "What happens when…"), "week", argument=("ask", "lengths")),
            Button(say(group, "Preview"), "preview"),
            Button(say(group, "Undo"), "undo"),
        ),
        selects=tuple(_select(row, group) for row in LISTED),
    )


def _select(row: Setting, group: GroupSettings) -> Select:
    chosen = row.stored(group)
    choices = (replace(choice, chosen=choice.value == chosen) for choice in choices_of(row.kind, group))
    return Select(say(group, row.asked), "week", row.word, tuple(choices))


# --- in words


def _fields(context: Context, group: GroupSettings) -> Iterator[Field]:
    week = group.week
    yield Field(say(group, "Meets"), capitalised(say_meets(group)) if week.session else say(group, NO_SESSION))
    minutes = count(group, "{n} minute", "{n} minutes", week.minutes)
    yield Field(say(group, "Place and length"), f"{week.place or say(group, 'not said')}, {minutes}")
    yield Field(say(group, "Who chooses the paper"), _explain("mode", group))
    if week.mode == "vote":
        yield from _vote_fields(group)
    yield Field(say(group, "Headcount"), _headcount(group))
    yield Field(say(group, "Claims"), _claims(group))
    if week.roles:
        yield Field(say(group, "Roles"), ", ".join(say(group, role) for role in week.roles))
    yield from (Field(say(group, row.label), say_setting(row, group)) for row in WEEK if row.word not in TOLD)
    yield Field(say(group, "What happens when"), "; ".join(_timeline(group)))
    if changed := [say(group, row.label) for row in _changed(context, group)]:
        told = say(group, "{settings}; /paper-admin settings tells by whom", settings=", ".join(changed))
        yield Field(say(group, "Changed from chat"), told)


def _explain(word: str, group: GroupSettings) -> str:
    """What its choice does, without the value that is typed for it."""
    row = BY_WORD[word]
    label = next(choice.label for choice in choices_of(row.kind, group) if choice.value == row.stored(group))
    return capitalised(label.partition(": ")[2])


def _vote_fields(group: GroupSettings) -> Iterator[Field]:
    week = group.week
    listed = count(group, "{n} paper on the list", "{n} papers on the list", week.shortlist)
    rule = f"{_explain('rule', group)}; {listed}" if week.has_ballots else _explain("rule", group)
    yield Field(say(group, "How votes are counted"), rule)
    if week.weighted:
        yield Field(say(group, "Weights"), say(group, "Votes of those who came to the last meetings weigh more"))
    yield Field(say(group, "Who decides"), _explain("pick", group))
    yield Field(say(group, "Counts"), _explain("hidden", group))
    if week.budget:
        budget = count(
            group,
            "{n} vote for each meeting; reactions are no votes",
            "{n} votes for each meeting; reactions are no votes",
            week.budget,
        )
        yield Field(say(group, "Votes of a member"), budget)


def _headcount(group: GroupSettings) -> str:
    if not group.week.headcount:
        return say(group, "It takes place however many say that they come")
    return say(
        group,
        "Called off {length} before when fewer than {number} have said that they come",
        length=group.week.timeline.length("counted"),
        number=group.week.headcount,
    )


def _claims(group: GroupSettings) -> str:
    weeks = group.week.sleep_weeks
    if not weeks:
        return say(group, "Never sleep")
    return count(
        group,
        "Sleep after {n} week without a pick; their holder is asked",
        "Sleep after {n} weeks without a pick; their holder is asked",
        weeks,
    )


def _timeline(group: GroupSettings) -> Iterator[str]:
    """Reminders come last, since there are several."""
    for row in sorted(STEPS, key=lambda row: isinstance(row.kind, Lengths)):
        if _comes(row, group):
            label = say(group, "rota names who presents" if _names_presenter(row, group) else row.label.lower())
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
            Button(cut(_labels(context.group, part), LONGEST_LABEL), "week", argument=("ask", f"{kind} {n}"))
            for n, part in enumerate(pages)
        )
        return Reply(say(context.group, "Which of them?"), choices=tuple(choices))
    shown = pages[int(page)] if page.isdecimal() and int(page) < len(pages) else pages[0]
    return Reply(typed, form=Form(title, "week", inputs_of(shown, context.group)))


def _labels(group: GroupSettings, rows: Sequence[Setting]) -> str:
    return joined(group, [say(group, row.label) for row in rows])
