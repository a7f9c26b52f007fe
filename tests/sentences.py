"""The sentences that stand in the code, and the catalogues beside `bot.languages` that hold them in other languages.
`pytest --renew-languages tests/test_languages.py` gives a catalogue those that it lacks, and takes out those that are
gone."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

import adapters
import bot
from bot import languages
from bot.model import MEETING_ROLES

CORE, ADAPTERS = Path(bot.__file__).parent, Path(adapters.__file__).parent
TEMPLATES = ADAPTERS / "chat" / "web" / "templates"
FOLDER = Path(languages.__file__).parent
SAYING = {
    "say": (1,),
    "count": (1, 2),
    "written": (1,),
    "msgid": (0,),
    "msgids": (0, 1),
    "phrase": (0,),
    "UserError": (0,),
    "Ambiguous": (0,),
}
WIDTH = 120


@dataclass(frozen=True, slots=True)
class Sentence:
    """`many` is the same of several; "" where nothing is counted. `given`: the values that it gets, None where they are
    not told in the same call."""

    one: str
    many: str = ""
    given: frozenset[str] | None = None
    where: str = ""


def sentences() -> list[Sentence]:
    """Of the code, and of the tables that commands and settings are."""
    code = sorted(path for room in (CORE, ADAPTERS) for path in room.rglob("*.py"))
    pages = sorted(TEMPLATES.rglob("*.html"))
    return [
        *(found for path in code for found in said_in(path)),
        *(found for path in pages for found in said_on(path)),
        *in_tables(),
    ]


def in_tables() -> Iterator[Sentence]:
    yield from map(Sentence, MEETING_ROLES)


def said_in(path: Path) -> Iterator[Sentence]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and (places := said_at(node.func)):
            texts = [[*literals(node.args[place])] for place in places if place < len(node.args)]
            where = f"{path.relative_to(CORE.parent)}:{node.lineno}"
            for one, *many in zip(*texts, strict=True):
                yield Sentence(one, "".join(many), _given(node), where)


def said_on(page: Path) -> Iterator[Sentence]:
    """Of a template: `say("…")`, `marked("…", …)`"""
    for call in Environment(autoescape=True).parse(page.read_text(encoding="utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("say", "marked", "count"):
            texts = [node.value for node in call.args if isinstance(node, nodes.Const)]
            given = frozenset((*(pair.key for pair in call.kwargs), *(["n"] if call.node.name == "count" else [])))
            if texts:
                yield Sentence(texts[0], "".join(texts[1:]), given, f"{page.name}:{call.lineno}")


def said_at(func: ast.expr) -> tuple[int, ...]:
    """Which arguments are sentences. A method has no listener before them: `told.say("…")`"""
    if isinstance(func, ast.Attribute):
        return (0,) if func.attr == "say" else ()
    return SAYING.get(name_of(func), ())


def name_of(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def literals(given: ast.expr) -> Iterator[str]:
    """Also where it is one of two."""
    if isinstance(given, ast.IfExp):
        yield from (text for branch in (given.body, given.orelse) for text in literals(branch))
    elif isinstance(given, ast.Constant) and isinstance(given.value, str) and given.value:
        yield given.value


def _given(call: ast.Call) -> frozenset[str] | None:
    """Of a call that says at once, with every value named."""
    names = [keyword.arg for keyword in call.keywords]
    if name_of(call.func) in ("msgid", "msgids", "written") or None in names:
        return None
    return frozenset((*filter(None, names), *(["n"] if name_of(call.func) == "count" else [])))


def places(text: str) -> frozenset[str]:
    """`{name}`, `{name:.40}`"""
    return frozenset(name.partition(".")[0] for _, name, _, _ in Formatter().parse(text) if name)


# --- what escapes


ROOMS = ("views", "commands", "groups", "parsing", "app.py", "status.py", "day/empty.py")  # of the core, which speak
NOT_READ = ("parsing/vocabulary.py", "groups/registry.py")  # what people type; what the operator reads
SILENT = (
    "_guarded",
    "command",
    "Parameter",
    "one_of",
    "Section",
    "compile",
    "Refused",
    "message",
    "startswith",
    "endswith",
    "act",
)
KEYS = ("assign session", "hand over", "release session", "admin next", "Paperclub")  # names of steps and commands
WORDS = re.compile(r"[^\W\d_]{2,}")
TYPED = re.compile(r"/paper(-admin)?[\w: -]*$")
NAMES = re.compile("(entry|saved|session|member)[:-]")  # begin what is sent back or stored: `entry:7`


@dataclass(frozen=True, slots=True)
class Escaped:
    """A text that somebody reads, in English whoever they are."""

    text: str
    where: str


def escaped() -> Iterator[Escaped]:
    paths = [
        path for room in ROOMS for path in ([CORE / room] if ".py" in room else sorted((CORE / room).rglob("*.py")))
    ]
    for path in (path for path in paths if path.relative_to(CORE).as_posix() not in NOT_READ):
        place = path.relative_to(CORE.parent).as_posix()
        for line, text in _spoken(ast.parse(path.read_text(encoding="utf-8"))):
            yield Escaped(text, f"{place}:{line}")
    for page in sorted(TEMPLATES.rglob("*.html")):
        for line, text in enumerate(_on_page(page.read_text(encoding="utf-8")), 1):
            if _is_read(text, within=True):
                yield Escaped(text, f"{page.relative_to(CORE.parent).as_posix()}:{line}")


def _on_page(template: str) -> list[str]:
    """What stands between the tags, and what is read out of them, line by line."""
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template, flags=re.DOTALL)
    shown = re.sub(r'<[^>]*?(?:aria-label|placeholder|alt)="([^"]*)"[^>]*>', r" \1 ", plain)
    return re.sub(r"<[^>]*>|&\w+;", " ", shown).splitlines()


def _spoken(node: ast.AST, *, within: bool = False) -> Iterator[tuple[int, str]]:
    """Texts that are no key, no name, no pattern and not said already. `within` another text, every word is read."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and _is_read(node.value, within=within):
            yield node.lineno, node.value
        return
    for child in _read_parts(node):
        yield from _spoken(child, within=isinstance(node, ast.JoinedStr))


def _read_parts(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case (
            ast.Expr(value=ast.Constant())
            | ast.Compare()
            | ast.MatchValue()
            | ast.Raise(exc=ast.Call(func=ast.Name("StartError")))
        ):
            return
        case ast.Assign(targets=[ast.Name("__all__")]):
            return
        case ast.JoinedStr(values=[ast.Constant(value=str(begins)), *_]) if NAMES.fullmatch(begins):
            return
        case ast.FormattedValue():
            yield node.value
        case ast.Subscript():
            yield node.value
        case ast.Dict():
            yield from node.values
        case ast.AnnAssign():
            yield from filter(None, [node.value])
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from (*node.body, *node.decorator_list, *node.args.defaults)
        case ast.Call():
            yield from _read_arguments(node)
        case _:
            yield from ast.iter_child_nodes(node)


def _read_arguments(call: ast.Call) -> Iterator[ast.AST]:
    name = name_of(call.func)
    said = said_at(call.func)
    yield call.func
    yield from (
        argument for place, argument in enumerate(call.args) if place not in said and not _is_key(name, argument)
    )
    yield from (keyword.value for keyword in call.keywords if not _is_key(name, keyword.value))


def _is_key(name: str, argument: ast.expr) -> bool:
    is_plain = isinstance(argument, ast.Constant | ast.Tuple | ast.Dict | ast.JoinedStr)
    return is_plain and (name in SILENT or name in ("debug", "info", "warning", "error", "exception"))


def _is_read(text: str, *, within: bool) -> bool:
    if "(?" in text:  # a pattern
        return False
    bare = TYPED.sub("", text)
    words = WORDS.findall(bare)
    is_sentence = len(words) > 1 and " " in bare.strip()
    return bool(words) and text not in KEYS and (within or is_sentence or (text[:1].isupper() and text[1:].islower()))


# --- catalogues


def catalogue(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def entries(language: str) -> Sequence[Message]:
    return [message for message in catalogue(language) if message.id]


def renew(language: str) -> None:
    path = FOLDER / f"{language}.po"
    held = catalogue(language) if path.exists() else Catalog(locale=language)
    template = Catalog()
    for found in sentences():
        template.add((found.one, found.many) if found.many else found.one)
    held.update(template, no_fuzzy_matching=True)
    written = BytesIO()
    write_po(written, held, width=WIDTH, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    path.write_bytes(header(held).encode() + written.getvalue())


def header(held: Catalog) -> str:
    """Without dates and names, which every branch would write differently."""
    lines = (
        f"Language: {held.locale}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {held.plural_forms}",
    )
    return "\n".join(('msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in lines), "", ""))
