"""Commands by which moderators set a group up, look ahead, and take steps back: `/paper-admin …`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot import views
from bot.actions.settings import bind_channel, unbind_channel
from bot.actions.undo import undo_step
from bot.cards import Card, Reply
from bot.commands.changing import ROWS, SETTING, change, put, say_change
from bot.commands.desk import UNDO, done
from bot.commands.panel import SHOWN, ask_rest, say_next, show_panel
from bot.commands.scheduling import show_schedule
from bot.commands.settings import CHANNEL, typed_behind
from bot.commands.steps import say_logged, say_step
from bot.commands.table import Context, Policy, command
from bot.commands.weeksettings import show_week
from bot.dates import local_date, spoken
from bot.day.needs import for_post
from bot.errors import Refused, UserError
from bot.groups import SETTINGS, target
from bot.groups.words import say_setting
from bot.model import GroupSettings, Session, Setting
from bot.ports import Reads
from bot.views.pick import explain_in_short, pick_card
from bot.views.vote import ballot_card, nominations_card
from bot.week.rooms import room_of
from bot.wording import capitalised, join_words

LOGGED = 10
PREVIEW_PATIENCE = 8.0  # seconds that a moderator waits for sources


@command(
    "setup",
    "set this channel's group up: without anything, a panel with all its settings",
    Policy.MODERATOR,
    *typed_behind("setup"),
    CHANNEL,
    founds=True,
    de=("einrichten", "die Gruppe dieses Kanals einrichten; ohne Angaben eine Tafel mit allen Einstellungen"),
)
async def setup(context: Context, channel: str = "", **chosen: str) -> Reply:
    if "ask" in context.request.args:
        return ask_rest(context.group)
    _require_no_other(context, "type it there")
    return await show_panel(context, await change(context, chosen))


def _require_no_other(context: Context, hint: str) -> None:
    """Who names a channel of another group does not mean their own. Two that share a channel are both at home there."""
    meeting = context.groups.at(target(context.request))
    if meeting and context.group not in meeting:
        raise UserError(f"{meeting[0].name} meets in that channel; {hint}.")


@command(
    "start",
    "post this group's papers in this channel from now on",
    Policy.MODERATOR,
    CHANNEL,
    de=("starten", "die Papers dieser Gruppe von nun an in diesem Kanal posten"),
)
async def start(context: Context, channel: str = "") -> Reply:
    group, place = context.group, target(context.request)
    if place in group.channels:
        return await show_panel(context, f"{group.name} meets here already.")
    _require_no_other(context, "/paper-admin stop there makes room")
    if "/" not in place:
        raise UserError("A group meets in channels of a server: type it there.")
    if fault := await context.surfaces.fault(place):
        raise UserError(f"Nothing can be posted there yet. {fault}; then start again.")
    await context.store.act(bind_channel, context.act(), place)
    await context.groups.load(context.store)
    return await show_panel(context, "Started.")


@command(
    "stop",
    "post nothing more in this channel; votes and claims stay",
    Policy.MODERATOR,
    CHANNEL,
    de=("anhalten", "in diesem Kanal nichts mehr posten; Stimmen und Zusagen bleiben"),
)
async def stop(context: Context, channel: str = "") -> Reply:
    place = target(context.request)
    _require_no_other(context, "type it there")
    if place in context.groups.given(context.group.id).channels:
        raise UserError("This channel stands in the configuration; the operator can take it out there.")
    if place not in context.group.channels:
        return await show_panel(context, "Nothing is posted in this channel.")
    await context.store.act(unbind_channel, context.act(), place)
    await context.groups.load(context.store)
    said = "Stopped; all votes and claims stay."
    if context.groups.seat(context.request).id == context.group.id:
        return await show_panel(context, said)
    again = f"To start it again, type /paper-admin start in another channel of {context.group.name} and name this one."
    return Reply(f"{said} {again}", replaces=context.request.pressed)


@command(
    "settings",
    "every setting, where it comes from, and how it is reset",
    Policy.MODERATOR,
    de=("einstellungen", "jede Einstellung, woher sie kommt und wie man sie zurücksetzt"),
)
async def settings(context: Context) -> Reply:
    of_week = [row for row in ROWS if row not in SHOWN]
    rest = [row for row in of_week if _is_default(context, row)]
    lines = [f"{row.label}: {_describe(context, row)}" for row in ROWS if row not in rest]
    by_default = "; ".join(f"{row.label} {say_setting(row, context.group)}" for row in rest)
    lines.append(f"Of the week by default: {by_default}.")
    return Reply("\n".join((*lines, await say_next(context, context.group))))


def _describe(context: Context, setting: Setting) -> str:
    group, value = context.group, say_setting(setting, context.group)
    override = context.groups.overrides(group.id).get(setting.name)
    if override:
        on = spoken(local_date(override.at, group))
        return f"{value}, changed by {override.by} on {on}; /paper-admin reset {setting.word}"
    return f"{value}, {'the default' if _is_default(context, setting) else 'from the configuration'}"


def _is_default(context: Context, setting: Setting) -> bool:
    if setting.name in context.groups.overrides(context.group.id):
        return False
    return bool(setting.of(context.group) == setting.default)


@command(
    "reset",
    "a setting back to what the configuration says",
    Policy.MODERATOR,
    SETTING,
    de=("zurücksetzen", "eine Einstellung wieder wie in der Konfiguration"),
)
async def reset(context: Context, setting: Setting) -> Reply:
    before = context.group
    await put(context, {setting.name: None})
    after = context.groups.by_id[before.id]
    said = say_change(setting, before, after) or "It is as configured."
    return await _show_settings(context, {setting.name}, said)


@command(
    "preview",
    "the next post and the next meeting as members would see them; posts nothing",
    Policy.MODERATOR,
    slow=True,
    de=("vorschau", "der nächste Post und das nächste Treffen, wie Mitglieder sie sähen; postet nichts"),
)
async def preview(context: Context) -> Reply:
    group = context.group
    on = await context.daily.next_post(group, context.groups.due(group, context.now()))
    await context.collector.bring(for_post(context.daily.sources, group, on), PREVIEW_PATIENCE)
    digest, entries = await context.daily.preview(group, on)
    cards = (views.digest_card(digest, group), *map(views.paper_card, entries[: digest.cards]))
    week = await _week_cards(context)
    seen = tuple(replace(card, buttons=(), entry=None) for card in (*week, *cards))
    first = "The next meeting, and the post" if week else "The post"
    unread = await context.daily.unread(group, on)
    but = f" {capitalised(join_words(unread))} did not answer yet." if unread else ""
    return Reply(f"{first} of {spoken(on)} as things stand now.{but} Only you see it.", seen)


async def _week_cards(context: Context) -> Sequence[Card]:
    """Of the next meeting: what is voted on, or what it reads."""
    try:
        session = await context.weekly.current(context.group)
    except Refused:
        return ()
    return await context.store.read(_cards_of, context.group, session, context.now())


def _cards_of(rows: Reads, group: GroupSettings, session: Session, now: datetime) -> Sequence[Card]:
    room = room_of(rows, group.id, session.id)
    if room is None:
        return ()
    if session.entry or session.closed_at or group.week.mode == "presenter":
        return (pick_card(room, group, explain_in_short(room.pick, group, rows)),)
    if session.shortlist:
        return (ballot_card(room, group, rows),)
    return (nominations_card(room, group, rows, now),)


@command(
    "undo",
    "take back the last step: a setting, a claim, a pick, a skipped week …",
    Policy.MODERATOR,
    de=("rückgängig", "den letzten Schritt zurücknehmen: Einstellung, Zusage, Wahl, Ausfall"),
)
async def undo(context: Context) -> Reply:
    step = await context.store.act(undo_step, context.act())
    await context.groups.load(context.store)
    if step is None:
        raise UserError("There is nothing to take back.")
    said = f"Took back what {step.by or 'Paperclub'} did: {await say_step(context, step)}."
    if not step.action.startswith("set "):
        return done(said, "The cards show it." if step.session or step.entry else "")
    return await _show_settings(context, {*step.action.removeprefix("set ").split(", ")}, said)


async def _show_settings(context: Context, names: set[str], said: str) -> Reply:
    """The card that has them."""
    if all(name in SETTINGS and SETTINGS[name].command == "schedule" for name in names):
        return await show_schedule(context, said)
    if all(name.startswith("week.") for name in names):
        return show_week(context, said)
    return await show_panel(context, said)


@command(
    "audit",
    "who did what: the last ten steps of moderators and of Paperclub itself",
    Policy.MODERATOR,
    de=("protokoll", "wer was getan hat: die letzten zehn Schritte von Moderatoren und Paperclub"),
)
async def audit(context: Context) -> Reply:
    steps = await context.store.read(lambda rows: rows.audit.steps(context.group.id, LOGGED))
    if not steps:
        return Reply("No moderator has done anything yet.")
    return Reply("\n".join([await say_logged(context, step) for step in steps]), choices=(UNDO,))
