"""The house: what is locked is hashed and names no registry, what is imported is declared, modules say who they are."""

import ast
import re
import sys
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from bot.actions.messages import BESIDE_CARD, COUNTS, LIVING
from bot.views.sheets import CARD, DIGEST

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MODULES = sorted(path for folder in ("bot", "adapters") for path in (ROOT / folder).rglob("*.py"))
DISTRIBUTIONS = {"discord": "discord.py", "slack_bolt": "slack-bolt", "sqlite_utils": "sqlite-utils"}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    packages = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(packages) > 40
    assert all("--hash=sha256:" in package for package in packages)


def test_what_runs_it_and_what_builds_it_are_locked() -> None:
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    wanted = {re.split(r"[>=<]", item)[0].replace(".", "-") for item in PROJECT["dependencies"]}
    assert wanted | {"hatchling", "editables"} <= locked


def test_every_import_from_outside_is_declared() -> None:
    declared = {re.split(r"[>=<]", item)[0] for item in PROJECT["dependencies"]}
    for path in MODULES:
        for name in imported(path) - {"bot", "adapters"} - set(sys.stdlib_module_names):
            assert DISTRIBUTIONS.get(name, name) in declared, f"{path.name} imports {name}"


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_first_what_it_is_for_and_is_of_a_size_to_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text or ast.get_docstring(parsed(path))
    assert len(text.splitlines()) <= 520
    assert path.stem not in ("utils", "helper", "helpers", "common", "manager", "misc")


def test_the_version_is_said_once_and_alike() -> None:
    from bot.status import VERSION

    assert PROJECT["version"] == VERSION
    assert f"## {VERSION}" in (ROOT / "CHANGELOG.md").read_text()


def test_only_the_collector_knows_sources() -> None:
    """Posting reads rows: nothing of the day, nor the schedule, is given what could be asked."""
    names = {
        path.relative_to(ROOT): {
            alias.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module in ("bot.ports", "bot.ports.papers", "bot.day.collect")
            for alias in node.names
        }
        for path in (*(ROOT / "bot" / "day").glob("*.py"), ROOT / "bot" / "schedule.py")
    }
    assert len(names) > 8
    assert [str(path) for path, given in names.items() if given & {"Source", "Collector"}] == ["bot/day/collect.py"]


STORES = sorted((ROOT / "adapters" / "stores" / "sqlite").glob("*.py"))


@pytest.mark.parametrize("path", STORES, ids=lambda path: path.name)
def test_a_store_refuses_nothing_and_knows_no_kind_of_message(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(Refused|UserError)\b", text), "a rule has moved into the store"
    for kind in {CARD, DIGEST, *LIVING, *COUNTS, *BESIDE_CARD}:
        assert not re.search(rf"""kind (=|IN) \(?.*['"]{kind}['"]""", text), "cards are the core's"


# --- what is private stays so

SDK = Path("adapters/chat/discord/sdk.py")  # what we touch of discord.py's inside; it looks whether it is there
ALLOWED = {
    SDK: {"_connection", "_global_over", "_ready_task", "_ready_tasks"},
    Path("bench/dispatch.py"): {"_HTTPClient__session", "_add_guild_from_data", "_async_setup_hook", "_connection"},
}
INSIDE = ("discord.gateway", "discord.http", "discord.shard", "discord.state")


def test_what_is_private_in_other_packages_is_touched_in_one_place() -> None:
    """What no class of the same folder makes belongs to somebody else, also behind `self`: who inherits, sees it."""
    files = [*MODULES, *(ROOT / "bench").rglob("*.py")]
    trees = {path.relative_to(ROOT): parsed(path) for path in files}
    made: dict[Path, set[str]] = {}
    for path, tree in trees.items():
        made.setdefault(path.parent, set()).update(names_made(tree))
    made[Path("bench")] |= set().union(*made.values())  # it looks into ours
    for path, tree in trees.items():
        foreign = names_touched(tree) - made[path.parent] - {"_value_"}  # which enum documents
        assert foreign <= ALLOWED.get(path, set()), path
        assert path != SDK or foreign == ALLOWED[path]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_inside_of_discord_py_is_imported_in_one_place(path: Path) -> None:
    named = set[str]()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            before = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            named |= {before + alias.name for alias in node.names}
    assert path.relative_to(ROOT) == SDK or not [name for name in named if name.startswith(INSIDE)]


def names_touched(tree: ast.Module) -> set[str]:
    """Private names, of whatever object or module, and those that stand in a text for `getattr` and the like."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name):
                found.add(name)
            case ast.ImportFrom(names=names):
                found |= {alias.name for alias in names}
            case ast.Call(
                func=ast.Name(id="getattr" | "setattr" | "hasattr" | "delattr"), args=[_, ast.Constant() as name, *_]
            ):
                found.add(str(name.value))
    return {name for name in found if name.startswith("_") and not name.endswith("__")}


def names_made(tree: ast.Module) -> set[str]:
    """By a definition or an assignment."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                found.add(name)
    return found


# --- no circles


def test_no_import_leads_back_to_where_it_began() -> None:
    """Also none within a function, or for the types alone."""
    assert circle({module_name(path): parsed(path) for path in MODULES}) == []


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        ({"a": "", "a.b": "from a.c import x", "a.c": "def f(): import a.b"}, {"a.b", "a.c"}),
        ({"a": "from a.b import x", "a.b": "import d", "a.c": "", "d": "from a.c import x"}, {"a", "a.b", "d"}),
        ({"a": "from a.b import x", "a.b": "from a import c, y", "a.c": ""}, {"a", "a.b"}),
        ({"a": "from a.b import x", "a.b": "from a import c", "a.c": "import a.d.e", "a.d": "", "a.d.e": ""}, set()),
        ({"a": "", "a.b": "import c", "a.d": "", "c": "from a import d"}, set()),
    ],
)
def test_a_circle_is_found_also_through_the_face_of_a_package(sources: Mapping[str, str], found: set[str]) -> None:
    assert {*circle({name: ast.parse(text) for name, text in sources.items()})} == found


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def circle(trees: Mapping[str, ast.Module]) -> list[str]:
    """The modules of one, in order; none where there is none."""
    graph = {name: needed(name, tree, trees.keys()) for name, tree in trees.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def needed(name: str, tree: ast.Module, modules: Collection[str]) -> set[str]:
    """As Python has it: with `a.b.c` come `a` and `a.b`, whose faces run first. The packages that a module is in have
    begun before it; it waits for their faces only where it takes something out of them."""
    found: set[str] = set()
    taken: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each for alias in node.names for each in (alias.name, *packages(alias.name))}
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            names = {f"{source}.{alias.name}" for alias in node.names}
            found |= {source, *packages(source)} | names
            taken |= {source} if names - {*modules} else set()
    return (found - packages(name) | taken) & {*modules} - {name}


def packages(name: str) -> set[str]:
    parts = name.split(".")
    return {".".join(parts[:end]) for end in range(1, len(parts))}
