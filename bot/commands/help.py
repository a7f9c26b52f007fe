"""What can be typed: the everyday words with an example, the rest by topic, or one command with all that it takes."""

import re
from collections.abc import Mapping, Sequence

from bot.cards import Button, Card, CommandHelp, Reply
from bot.commands.parameters import TOPIC
from bot.commands.sections import BOT, DESK, SECTIONS
from bot.commands.table import Command, Context, Parameter, Policy, command
from bot.errors import UserError
from bot.languages import msgid, say
from bot.model import GroupSettings
from bot.ports import Section

MOST_WORDS = 8  # of a parameter that are told; more are offered while one types
EVERYDAY: Mapping[str, str] = {  # commands, with what is typed behind them in an example
    "today": "",
    "search": "diffusion",
    "vote": "3",
    "claim": "3",
    "submit": "2412.01234",
    "next": "",
    "rsvp": "join",
    "mine": "",
}
EVERYTHING = "all"
TITLE = msgid("Every day")
DAY = msgid(
    "The day's papers are posted here, each with a sentence on what it is about. Press Vote on those that you would "
    "like to read, and Claim on one that you would present."
)
WEEK = {
    "vote": msgid("What has the most votes is read at the next meeting."),
    "presenter": msgid("Whoever presents at the next meeting brings its paper."),
}
FOR_WHOM = {
    Policy.ANYONE: msgid("For anyone."),
    Policy.MEMBER: msgid("For members."),
    Policy.MODERATOR: msgid("For moderators."),
}


@command(
    "help",
    "the everyday words; a topic; or one command with all that it takes",
    Policy.ANYONE,
    TOPIC,
    de=("hilfe", "die Wörter für jeden Tag, ein Thema, oder ein Befehl mit allem, was er nimmt"),
    section=BOT,
)
async def help_(context: Context, command: str = "") -> Reply:
    asked = re.sub(r"^/?paper(-admin)?(\s+|$)", "", command.lower()).strip()
    if asked in ("", EVERYTHING):
        return _begin(context, with_all=asked == EVERYTHING)
    if found := next((section for section in SECTIONS if section.topic == asked), None):
        return tell_topic(context, found)
    offered = [c for c in context.commands if c.is_offered_on(context.surface)]
    explained = [line for c in offered if asked in (c.name, c.word, c.info.path) for line in _explain(context.group, c)]
    if not explained:
        raise UserError('There is no command "{name:.40}". /paper help lists them.', name=asked)
    return Reply("\n".join(explained))


# --- topics


def _begin(context: Context, *, with_all: bool) -> Reply:
    """One screen for who is new; on a surface that has room for all, the rest below it."""
    group = context.group
    everyday = [c for name in EVERYDAY for c in _listed(context) if c.name == name]
    first = Card("notice", say(group, TITLE), commands=tuple(_told(group, c, EVERYDAY[c.name]) for c in everyday))
    if with_all:
        topics = dict.fromkeys(c.section.topic for c in _listed(context))
        return Reply(_introduce(group), (first, *(_card(context, topic) for topic in topics)))
    return _reply(context, _introduce(group), first)


def _introduce(group: GroupSettings) -> str:
    day = say(group, DAY)
    return f"{day} {say(group, WEEK[group.week.mode])}" if group.week.session else day


def tell_topic(context: Context, section: Section) -> Reply:
    if section == DESK and not context.is_moderator:
        raise UserError("That is for moderators. /paper help tells what you can do.")
    return _reply(context, "", _card(context, section.topic))


def _reply(context: Context, text: str, card: Card) -> Reply:
    """With the topics to choose from; pressed, it takes the place of what was read before."""
    topics = {c.section.topic: say(context.group, c.section.title) for c in _listed(context)}
    choices = (Button(title, "help", argument=("command", topic)) for topic, title in topics.items())
    return Reply(text, (card,), tuple(choices), replaces=context.request.pressed)


def _card(context: Context, topic: str) -> Card:
    rows = [c for c in _listed(context) if c.section.topic == topic]
    return Card(
        "notice", say(context.group, rows[0].section.title), commands=tuple(_told(context.group, c) for c in rows)
    )


def _listed(context: Context) -> Sequence[Command]:
    """Moderators' only for who is one."""
    offered = (c for c in context.commands if c.is_offered_on(context.surface))
    return [c for c in offered if context.is_moderator or c.policy is not Policy.MODERATOR]


def _told(group: GroupSettings, row: Command, behind: str = "") -> CommandHelp:
    return CommandHelp(row.typed, row.about_for(group), f"{row.typed} {behind}" if behind else "")


# --- one command


def _explain(group: GroupSettings, row: Command) -> list[str]:
    parameters = (_explain_parameter(group, parameter) for parameter in row.parameters)
    return [row.line_for(group), *parameters, say(group, FOR_WHOM[row.policy])]


def _explain_parameter(group: GroupSettings, parameter: Parameter) -> str:
    words = [choice.value for choice in parameter.choices]
    choices = f" ({(' ' + say(group, 'or') + ' ').join(words)})" if 0 < len(words) <= MOST_WORDS else ""
    said = f"{parameter.name.upper()}: {parameter.about_for(group)}{choices}"
    return said if parameter.required else f"{said}, {say(group, 'may be left out')}"
