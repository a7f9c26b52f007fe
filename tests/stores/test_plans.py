"""No question that members wait for reads all of a table that grows, or asks the index of words more than once.

The statements are those that stand in the package, wherever, and those that a run through the store puts together. Each
is explained on a file without statistics, as every file of ours is.
"""

import ast
import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, NamedTuple

import pytest

from adapters.stores import sqlite
from adapters.stores.sqlite import open_store
from adapters.stores.sqlite.files import open_for_writing
from bot.actions.attendance import rsvp
from bot.actions.claims import claim_paper
from bot.actions.deliveries import pace, recover, troubles
from bot.actions.links import agree_to_link, ask_link, offer_link, refuse_link
from bot.actions.looks import put_back, take_due
from bot.actions.papers import record_day
from bot.actions.reactions import take_reaction
from bot.actions.settings import bind_channel, change_settings
from bot.actions.submissions import submit
from bot.actions.tidy import tidy
from bot.actions.undo import undo_step
from bot.actions.unlink import unlink
from bot.actions.votes import pass_on, toggle_vote
from bot.model import Act, ClaimMove, Pick, Wish
from bot.next_look import next_look
from bot.ports.store import Action
from bot.reactions import open_cards
from bot.week.archive import archive_of
from bot.week.electorate import electorate_of
from bot.week.participation import participation_of
from tests.stores.scene import AT, FRIDAY, READERS, SATURDAY, SENTENCE, A, B, Scene, later, listing, report, set_up

FIXED = frozenset(
    {"groups", "channel", "code", "override", "kept", "alert", "link_code", "link", "invitation"}
)  # no more with use
# A handful of rows for each group and week, or one for each member: all that a group has may be read, but not all.
SLOW = frozenset(
    {
        "membership",
        "session",
        "session_step",
        "pick",
        "second_chance",
        "meeting_role",
        "recap",
        "digest",
        "audit",
        "curation",
    }
)
NARROW = frozenset({"message_due", "claim_once"})  # indexes that hold what waits or stands, which is never much
WIDE = frozenset({"group_id", "kind", "place"})  # columns that name no single thing

SELDOM = {  # what goes on: why it may read much
    "export": "an export reads all that a group did",
    "link": "two accounts become one: seldom, and by the member, with whom no key begins",
    "recover": "once, at the start",
}
ALLOWED = {  # a part of the statement: the table, and why
    "ORDER BY entry.posted_on DESC, entry.rank LIMIT": ("entry", "in the order of its index: it stops at its limit"),
    "(SELECT max(posted_on) FROM entry WHERE group_id = :group)": ("entry", "the end of an index"),
    "DELETE FROM request WHERE at <": ("request", "once in a thousand changes, of a week's requests"),
    "(SELECT coalesce(max(seq), 0) FROM change)": ("change", "the ends of the key"),
    "FROM change WHERE group_id = ? ORDER BY seq DESC LIMIT 1": ("change", "ten thousand are kept, and it stops"),
    "FROM source_day GROUP BY source": ("source_day", "a row for each source and day, when the status is asked"),
    "(SELECT value FROM json_each(:meeting))": ("message", "one for each meeting, at a connection"),
    "UPDATE OR IGNORE message SET place": ("message", "one for each meeting, when a group moves"),
}

IS_STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
STEP = re.compile(r"(SCAN|SEARCH) (\w+)(?: VIRTUAL TABLE INDEX \d+:(\S*))?(?: USING .*?(\w+)? ?\((.*)\))?")
NAMED = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)\s+AS\s+(\w+)")


class Step(NamedTuple):
    """One loop of a plan; those of one parent stand inside each other, in their order."""

    parent: int
    text: str
    how: str
    table: str
    words: str  # how the index of words is asked
    by: str  # index
    columns: frozenset[str]


class Heard(sqlite3.Connection):
    doing: ClassVar[str] = ""
    statements: ClassVar[dict[str, str]] = {}  # with what went on when it was first heard

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        self.statements.setdefault(sql, self.doing)
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        self.statements.setdefault(sql, self.doing)
        return super().executemany(sql, parameters)


@pytest.fixture
async def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """What is asked on a way through the store."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Heard))
    monkeypatch.setattr(Heard, "statements", {})
    store = await open_store(tmp_path / "heard.db")
    Heard.statements.clear()
    try:
        scene = await set_up(store)
        await play(scene)
        await play_seldom(scene, monkeypatch)
    finally:
        await store.close()
    return {sql: doing for sql, doing in Heard.statements.items() if IS_STATEMENT.match(sql)}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """To explain on. Without foreign keys: an INSERT has their checks in its plan, though it never makes them."""
    connection = open_for_writing(tmp_path / "plans.db")
    connection.execute("PRAGMA foreign_keys = OFF")
    yield connection
    connection.close()


async def play(scene: Scene) -> None:
    """Whatever is asked where somebody waits."""
    store, ann, bob = scene.store, scene.ann, scene.bob
    await scene.show_all()
    await store.write(record_day, report(), [A, B])
    await store.read(lambda rows: rows.papers.announced("hf", FRIDAY))
    await store.read(lambda rows: rows.days.had("readers", FRIDAY))
    await store.read(lambda rows: rows.days.covered(["readers", "others"], SATURDAY, FRIDAY))
    await store.read(lambda rows: rows.entries.known("readers", [A.key]))
    await store.act(submit, scene.by(ann), listing(B), SENTENCE)
    for typed in ("", "s", "diffusion model", "2"):
        await store.read(lambda rows: rows.entries.titles("readers", typed, 5))
    await store.read(lambda rows: rows.entries.search("readers", "diffusion", limit=5))
    await store.act(toggle_vote, scene.by(ann), scene.first)
    await store.write(take_reaction, scene.by(bob, via="emoji"), 1, scene.first, "slack:T/2", on=True)
    await store.act(pass_on, scene.by(ann), scene.entries[1])
    for what in ("voted", "passed", "claimed"):
        await store.read(lambda rows: rows.entries.held_by("readers", ann.id, what))
    await store.read(lambda rows: rows.votes.stance("readers", ann.id))
    for kind in ("holder", "backup"):
        await store.act(claim_paper, scene.by(ann if kind == "holder" else bob), scene.first, kind)
    session = await scene.meet()
    await scene.move(
        session,
        "pick",
        sets={"entry": scene.first, "closed_at": AT},
        claims=(ClaimMove("give", entry=scene.first, member=ann.id),),
        pick=Pick("{}", "{}", AT),
        done=("pick",),
        wishes=(Wish("room", str(session.id)),),
    )
    await store.act(rsvp, scene.by(bob), session.id, "join")
    await store.read(lambda rows: participation_of(rows, "readers", session.id))
    await store.read(lambda rows: electorate_of(rows, "readers", session.id))
    await store.read(lambda rows: rows.claims.sleepers("readers", later(days=90)))
    await store.act(change_settings, scene.by(ann), {"day.cards": "7", "timezone": None})
    await store.act(bind_channel, scene.by(ann), "discord:1/5")
    await store.act(undo_step, scene.by(ann))
    await store.read(lambda rows: archive_of(rows, "readers", "sing", later(days=90), 5))
    await store.read(troubles, "readers", later(days=1))
    await store.write(tidy, AT)
    await store.write(take_due, AT, later(minutes=10), 10)
    await store.write(put_back, {"readers": later(days=1)}, later(minutes=10), AT)
    await store.read(lambda rows: next_look(rows, READERS, None, AT))
    await store.read(open_cards, "web", AT - timedelta(days=3))
    await store.read(lambda rows: rows.messages.next_due("web", AT, pace(0, 0)))
    await store.read(lambda rows: rows.changes.changes("readers", 0, 10))
    await store.read(lambda rows: rows.entries.entries("readers", SATURDAY))


async def play_seldom(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    store = scene.store
    monkeypatch.setattr(Heard, "doing", "export")
    await store.read(lambda rows: rows.groups.export("readers"))
    monkeypatch.setattr(Heard, "doing", "recover")
    await store.write(recover, AT)
    await store.act(offer_link, scene.by(scene.ann), "hash")
    monkeypatch.setattr(Heard, "doing", "link")
    steps: Sequence[Action[[int], Any]] = (refuse_link, agree_to_link, unlink)
    for step in steps:
        ann, bob = (Act("", "readers", member.id, "web", AT) for member in (scene.ann, scene.bob))
        await store.act(offer_link, ann, "hash")
        asked = await store.act(ask_link, bob, "hash")
        assert asked
        if step is unlink:
            await store.act(agree_to_link, bob, asked.id)
            await store.act(agree_to_link, ann, asked.id)
        await store.act(step, ann, asked.id)


# --- the statements


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(sqlite.__path__, f"{sqlite.__name__}."):
        if ".schema" not in found.name:
            yield importlib.import_module(found.name)


def written() -> set[str]:
    """All that stands in the package and looks like SQL, also in pieces."""
    return {text for module in modules() for text in (*constants(vars(module)), *literals(module)) if looks_sql(text)}


def looks_sql(text: str) -> bool:
    return bool(IS_STATEMENT.match(text) or (re.search(r"\b(FROM|WHERE|AND) ", text) and "CREATE " not in text))


def constants(value: object) -> Iterator[str]:
    """In a module's names, and in what they name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if not str(name).startswith("__") and not str(name).endswith("_SCHEMA"):  # steps that are taken once
                yield from constants(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from constants(item)


def literals(module: ModuleType) -> Iterator[str]:
    """In functions, where they are made of the module's constants at the most."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for text in (part for part in ast.walk(node) if isinstance(part, ast.Constant | ast.JoinedStr)):
                yield from evaluated(text, module)


def evaluated(text: ast.expr, module: ModuleType) -> Iterator[str]:
    known = {name: value for name, value in vars(module).items() if isinstance(value, str | int)}
    if any(isinstance(node, ast.Name) and node.id not in known for node in ast.walk(text)):
        return  # made of what a function knows: it is heard, not read
    value = eval(compile(ast.Expression(text), "a literal", "eval"), known)  # noqa: S307 - our own
    if isinstance(value, str):
        yield value


# --- the plans


def explain(connection: sqlite3.Connection, sql: str) -> Sequence[Step]:
    """Raises OperationalError for what is only a piece of a statement."""
    bare = re.sub(r"'[^']*'|--.*", "", sql)
    names = set(re.findall(r":(\w+)", bare))
    values = dict.fromkeys(names) if names else (None,) * bare.count("?")
    rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
    tables = {alias: table for table, alias in NAMED.findall(bare)}
    return [step for row in rows if (step := read_step(row["parent"], row["detail"], tables))]


def read_step(parent: int, detail: str, tables: Mapping[str, str]) -> Step | None:
    if not (found := STEP.match(detail)):
        return None
    how, name, words, index, columns = found.groups("")
    asked = frozenset(re.findall(r"(\w+)[=<>]", columns))
    return Step(parent, detail, how, tables.get(name, name), words, index, asked)


def growing(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%sqlite_%'")
    return {name for (name,) in rows if not name.startswith("paper_fts_")} - FIXED


def faults(steps: Sequence[Step], tables: set[str]) -> Iterator[Step]:
    for place, step in enumerate(steps):
        if step.table == "paper_fts":
            outside = any(other.parent == step.parent for other in steps[:place])
            if outside or "M" not in step.words or "=" in step.words:  # M: by words; =: by number
                yield step
        elif step.table in tables and reads_much(step):
            yield step


def reads_much(step: Step) -> bool:
    if step.how == "SCAN":
        return True
    return step.columns <= WIDE and step.table not in SLOW and step.by not in NARROW


def reasons(sql: str, doing: str, step: Step) -> set[str]:
    """Why this step may read much."""
    text = plain(sql)
    found = {part for part, (table, _) in ALLOWED.items() if part in text and table == step.table}
    return found | ({doing} & SELDOM.keys()) if step.table != "paper_fts" else set()


def plain(sql: str) -> str:
    return " ".join(re.sub(r"--.*", "", sql).split())


def explain_all(connection: sqlite3.Connection, heard: Mapping[str, str]) -> Mapping[str, Sequence[Step]]:
    """Without the pieces that others are made of, unless one was heard on its own."""
    everything = {*heard, *written()}
    whole = [sql for sql in everything if sql in heard or not any(is_piece(sql, other) for other in everything)]
    found = {}
    for sql in whole:
        with suppress(sqlite3.OperationalError):  # that it is a piece of another is for a test to say
            found[sql] = explain(connection, sql)
    return found


def is_piece(sql: str, other: str) -> bool:
    """Of another statement; one with {} may be anything there."""
    return sql.strip() != other.strip() and all(part.strip() in other for part in re.split(r"\{\w*\}", sql))


# --- what is promised


def test_nothing_reads_much_without_a_reason(connection: sqlite3.Connection, heard: Mapping[str, str]) -> None:
    tables, used = growing(connection), set[str]()
    found = []
    for sql, steps in explain_all(connection, heard).items():
        for step in faults(steps, tables):
            why = reasons(sql, heard.get(sql, ""), step)
            used |= why
            found += [] if why else [f"{step.text}: {plain(sql)}"]
    assert found == [], "\n".join(found)
    assert used == ALLOWED.keys() | SELDOM.keys(), "a reason that nothing needs any more"


def test_whatever_is_asked_is_explained(connection: sqlite3.Connection, heard: Mapping[str, str]) -> None:
    explained = explain_all(connection, heard)
    missed = [sql for sql in written() - explained.keys() if not any(is_piece(sql, other) for other in explained)]
    assert missed == [], "\n".join(missed)
    assert len(explained) > 200
    assert sum("MATCH" in sql for sql in explained) >= 3
    assert sum("json_each" in sql for sql in explained) >= 8


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 FROM paper_fts JOIN entry ON paper_id = paper_fts.rowid AND group_id = ? WHERE paper_fts MATCH ?",
        "SELECT 1 FROM paper_fts",
        "SELECT 1 FROM entry WHERE day >= ?",
        "SELECT 1 FROM entry AS mine WHERE mine.group_id = ?",
        "UPDATE message SET error = '' WHERE group_id = ? AND error <> ''",
        "SELECT 1 FROM session WHERE starts > ?",
    ],
)
def test_what_reads_much_is_noticed(connection: sqlite3.Connection, sql: str) -> None:
    assert list(faults(explain(connection, sql), growing(connection)))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 FROM paper_fts WHERE paper_fts MATCH ?",
        "SELECT 1 FROM entry AS mine WHERE mine.group_id = ? AND mine.paper_id = ?",
        "SELECT 1 FROM session WHERE group_id = ?",
        "SELECT 1 FROM groups",
    ],
)
def test_what_reads_little_is_not(connection: sqlite3.Connection, sql: str) -> None:
    assert not list(faults(explain(connection, sql), growing(connection)))
