"""Finds the TeX in prose and writes it as plain text. On any doubt a piece stays as its source; money is no formula."""

import re
import unicodedata

from bot.papers.formula import Unreadable, lowered, pairs, plain_formula, raised, symbol

_MAX_DEPTH = 12
_LONGEST_FORMULA = 500
MOST_SIGNS = 600  # of a text that is TeX at all; of 168,699 abstracts none has more than 216

_HAS_TEX = re.compile(r"[\\$~]|--|``")
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
# Addresses are a token of their own, so that `~user` and `a--b` in them stay.
_SPECIAL = re.compile(
    r"https?://(?:\\[_%#&~-]|[^\s\\{}$\"'<>])+|\\(?:[A-Za-z]+|.)|\$\$?|[{}~]|--+|``",
    re.DOTALL,
)
_ESCAPE_IN_ADDRESS = re.compile(r"\\(?=[_%#&~])")
_QUOTED = re.compile(r"``(?![`\s])((?:(?!``|'').){1,600})''(?!')", re.DOTALL)
_ESCAPED_QUOTES = re.compile(r'\\"([^"\\]{1,200})\\"(?![\w{])')

_ACCENTS = dict(
    zip(
        "'`^\"~=.uvHckrd",
        "\u0301\u0300\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0328\u030a\u0323",
        strict=True,
    )
)
_IN_GROUP = re.compile(r"\s?\{\s*(?:\\([ij])|([^\W\d_])|\{\\([ij])\})\s*\}")
_BARE = re.compile(r"\\([ij])(?:\{\}|\s|(?![A-Za-z]))|([^\W\d_])()")
_AFTER_SPACE = re.compile(r"\s\\?([a-z])()()(?=[^\W\d_]|\}|\b)")
_APOSTROPHE = re.compile(r"(?:s|t|d|m|re|ve|ll)\b")
_LETTERS = pairs("o ø O Ø l ł L Ł ss ß ae æ AE Æ oe œ OE Œ aa å AA Å i ı")
_END_OF_LETTER = re.compile(r"\{\}|\s(?=[^\W\d_])|(?=[^A-Za-z{])|$")

_WORDS = {"eg": "e.g.", "ie": "i.e.", "LaTeX": "LaTeX", "TeX": "TeX", "xspace": "", "newline": " "}
_TO_THEIR_TEXT = {
    *("textbf", "textit", "emph", "texttt", "textsc", "textsf", "textrm", "textsl", "textup", "textmd", "textnormal"),
    *("underline", "uline", "text", "mbox", "hbox", "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "url", "path"),
}
_SWITCH = re.compile(
    r"\\(?:em|bf|it|sc|tt|sf|rm|sl|small|footnotesize|bfseries|itshape|scshape|ttfamily|sffamily)(?:\s+|(?=[\\{$]))"
)
_ONE_SYMBOL = re.compile(r"\s*\\([A-Za-z]+)\s*")
# Outside formulas these names are more often something else.
_NOT_IN_PROSE = {
    "in",
    "to",
    "ni",
    "Re",
    "Im",
    "top",
    "bot",
    "mid",
    "lt",
    "gt",
    "models",
    "square",
    "star",
    "prime",
    "R",
    "eps",
}
_MAY_STAND_BEFORE = re.compile(r"[\s(\[\d.,~≈<>+=%-]?$")
_MAY_STAND_AFTER = re.compile(r"[\s)\].,;:%\d-]|$")

_ARGUMENTS = re.compile(r"\\(?:text|math|operatorname|mbox|emph|hbox)[a-z]*\s*\{[^{}]*\}|\\[A-Za-z]+|\\.", re.DOTALL)
_TWO_WORDS = re.compile(
    r"(?<![^\W\d_])(?:[^\W\d_]{3,}[,.;]?\s+[^\W\d_]{2,}|[^\W\d_]{2,}[,.;]?\s+[^\W\d_]{3,})(?![^\W\d_(])"
)
_DASHES = {2: "–", 3: "—"}
_BEFORE_DASH = re.compile(r"[\w)\]}\"'’”.,:;%$?*]")
_AFTER_DASH = re.compile(r"[\w(\[{\"'‘“`$\\*\s]")
_BEFORE_TIE = re.compile(r"[A-Za-zÀ-ɏ]{2}$|[.,:;)}$%]$|\d$")
_AFTER_TIE = re.compile(r"[^\W_]|[\\$({\"“`'\[]")


def plain(text: str) -> str:
    """One pass, in time linear in the length of the text. What has more signs than any abstract stays as it is."""
    if not _HAS_TEX.search(text) or sum(1 for _ in _SPECIAL.finditer(text)) > MOST_SIGNS:
        return text
    return _Prose(text).read(0, len(text))


def _closing_braces(text: str) -> dict[int, int]:
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACES.finditer(text):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            pairs[opened.pop()] = found.start()
    return pairs


def _compose(letter: str, mark: str) -> str:
    """One character or "": an accent that no language writes was no accent (`\\'t` is an apostrophe)."""
    written = unicodedata.normalize("NFC", letter + mark)
    return written if len(written) == 1 else ""


def _is_formula(content: str, before: str, after: str) -> bool:
    """Whether what stands between two dollars can be a formula; before and after are its neighbours."""
    if not content.strip() or len(content) > _LONGEST_FORMULA or after == "{":
        return False
    if _TWO_WORDS.search(_ARGUMENTS.sub(" ", content)) or not _is_balanced(content):
        return False
    if content[0].isspace() != content[-1].isspace():
        return "\\" in content and not content[0].isdigit()
    return any(c in content for c in "\\^_{") or not _is_money_or_code(content, before, after)


def _is_balanced(content: str) -> bool:
    """Half-open intervals mix their brackets, so only the counts are compared."""
    opened, closed = len(re.findall(r"[(\[]", content)), len(re.findall(r"[)\]]", content))
    return opened == closed or "\\" in content


def _is_money_or_code(content: str, before: str, after: str) -> bool:
    """`$5-$10`, `US$5B/US$6B`, `df$x$y`, `$HOME/bin:$PATH`, `$5到$6`; but `REDELEX$-$a` and `K$α$LOS` are formulas."""
    if len(content) == 1 and not content.isspace() and not (content.isascii() and content.isalnum()):
        return "\u2fff" < content < "\U0001d400"
    if content[0].isspace() or any(c > "\u2fff" and c < "\U0001d400" for c in content):
        return True
    if content[0].isdigit() and after.isdigit():
        return before.isalpha() or " " in content or not content[-1].isalnum()
    return after.isalpha() and (before.isalpha() or not content[-1].isalnum())


class _Prose:
    """Reads ranges of one text. Methods return what to write and where to go on."""

    __slots__ = ("_closing", "_depth", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._closing = _closing_braces(text)
        self._depth = 0

    def read(self, start: int, end: int) -> str:
        pieces: list[str] = []
        at = start
        self._depth += 1
        while found := _SPECIAL.search(self._text, at, end):
            pieces.append(self._text[at : found.start()])
            piece, at = self._piece(found[0], found.start(), end)
            pieces.append(piece)
        self._depth -= 1
        pieces.append(self._text[at:end])
        return "".join(pieces)

    def _piece(self, sign: str, at: int, end: int) -> tuple[str, int]:
        after = at + len(sign)
        match sign[0]:
            case "\\":
                return self._macro(sign[1:], at, end)
            case "$":
                return self._dollars(sign, at, end)
            case "{":
                return self._braces(at, end)
            case "`":
                return self._quotes(at, end)
            case "~":
                return (" " if self._is_tie(at) else sign), after
            case "-":
                return self._dash(sign, at), after
            case "h":
                return _ESCAPE_IN_ADDRESS.sub("", sign), after
        return sign, after

    def _before(self, at: int) -> str:
        return self._text[at - 1 : at] if at else ""

    # Formulas

    def _dollars(self, sign: str, at: int, end: int) -> tuple[str, int]:
        start = at + len(sign)
        close = self._text.find(sign, start, min(end, start + _LONGEST_FORMULA))
        while sign == "$" and close > 0 and self._before(close) == "\\":
            close = self._text.find(sign, close + 1, min(end, start + _LONGEST_FORMULA))
        if close < 0 and sign == "$$":
            return "$", at + 1
        neighbours = self._before(at), self._text[close + len(sign) : close + len(sign) + 1]
        if close < 0 or not _is_formula(self._text[start:close], *neighbours):
            return sign, start
        return self._formula(at, start, close, close + len(sign))

    def _formula(self, at: int, start: int, close: int, after: int) -> tuple[str, int]:
        try:
            return plain_formula(self._text[start:close]) or self._text[at:after], after
        except Unreadable:
            if self._text.startswith("\\href{", start) and self._before(close) == "}":
                return self.read(start, close), after
            return self._text[at:after], after

    def _bracketed_formula(self, name: str, at: int, end: int) -> tuple[str, int]:
        start = at + 2
        close = self._text.find("\\)" if name == "(" else "\\]", start, min(end, start + _LONGEST_FORMULA))
        return self._formula(at, start, close, close + 2) if close > 0 else (f"\\{name}", start)

    # Punctuation

    def _is_tie(self, at: int) -> bool:
        """`Fig.~3`, but not `~10`, `~/bin`, `X~N(0,1)` or the range `10~20`."""
        before, after = self._text[max(0, at - 2) : at], self._text[at + 1 : at + 2]
        if before[-1:].isdigit() and not (after.isalpha() or after in ("\\", "(")):
            return False
        return bool(_BEFORE_TIE.search(before) and _AFTER_TIE.match(after))

    def _dash(self, sign: str, at: int) -> str:
        """Not the arrow `-->`, the option `--verbose`, the rule `-----`, the comment `<!--`."""
        before, after = self._before(at), self._text[at + len(sign) : at + len(sign) + 1]
        if len(sign) not in _DASHES or not _AFTER_DASH.match(after):
            return sign
        if before.isspace():
            return _DASHES[len(sign)] if len(sign) == 3 or after.isspace() else sign
        return _DASHES[len(sign)] if _BEFORE_DASH.match(before) else sign

    def _quotes(self, at: int, end: int) -> tuple[str, int]:
        found = None if self._before(at) == "`" or self._is_too_deep() else _QUOTED.match(self._text, at, end)
        return (f"“{self.read(*found.span(1))}”", found.end()) if found else ("``", at + 2)

    def _is_too_deep(self) -> bool:
        return self._depth >= _MAX_DEPTH

    # Braces and macros

    def _group(self, at: int, end: int) -> int:
        """Where the group that opens at this place closes, or 0."""
        close = self._closing.get(at, 0)
        return close if close < end and not self._is_too_deep() else 0

    def _braces(self, at: int, end: int) -> tuple[str, int]:
        """`{\\em such}` and `{\\deg}` lose their braces; any others may be meant."""
        close = self._group(at, end)
        if not close:
            return "{", at + 1
        if switch := _SWITCH.match(self._text, at + 1, close):
            return self.read(switch.end(), close), close + 1
        if (name := _ONE_SYMBOL.fullmatch(self._text, at + 1, close)) and (found := symbol(name[1])):
            return found, close + 1
        if self._text[at + 1] != "\\":
            return "{", at + 1
        written = self.read(at + 1, close)
        return (written if len(written) == 1 else f"{{{written}}}"), close + 1

    def _macro(self, name: str, at: int, end: int) -> tuple[str, int]:
        after = at + 1 + len(name)
        if name in "%&_#${}":
            return name, after
        if name in "([":
            return self._bracketed_formula(name, at, end)
        if name in _ACCENTS:
            return self._accent(name, at, end)
        if not name.isalpha():
            return self._mark(name, at), after
        if name in _LETTERS:
            return self._letter(name, at, end)
        return self._named(name, at, end)

    def _mark(self, name: str, at: int) -> str:
        before, after = self._before(at), self._text[at + 2 : at + 3]
        if name in " ,":
            return " "
        if name in "-/" and before.isalpha() and (name == "/" or after.isalpha()):
            return ""
        if name == "\\" and before.isspace() and (after.isspace() or not after):
            return " "
        return f"\\{name}"

    def _accent(self, name: str, at: int, end: int) -> tuple[str, int]:
        after = at + 2
        before = self._before(at)
        if name == "'" and before.isalpha() and _APOSTROPHE.match(self._text, after, end):
            return "'", after
        if name == '"' and not before.isalpha() and (found := _ESCAPED_QUOTES.match(self._text, at, end)):
            return f'"{found[1]}"', found.end()
        if name == "~" and self._text[after : after + 1].isdigit():
            return "~", after
        return self._accented(name, at, end)

    def _accented(self, name: str, at: int, end: int) -> tuple[str, int]:
        after = at + 2
        base = _IN_GROUP.match(self._text, after, end)
        if not base and not name.isalpha():
            base = _BARE.match(self._text, after, end)
        elif not base and (self._before(at).isalpha() or self._before(at) == "{"):
            base = _AFTER_SPACE.match(self._text, after, end)
        written = _compose("".join(filter(None, base.groups())), _ACCENTS[name]) if base else ""
        return (written, base.end()) if base and written else self._untouched(at, after, end)

    def _letter(self, name: str, at: int, end: int) -> tuple[str, int]:
        """`S\\o ren`, `\\O ystein`, `Stra\\ss{}e`; a lone `\\l` is someone's own macro."""
        after = at + 1 + len(name)
        before = self._before(at)
        found = _END_OF_LETTER.match(self._text, after, end)
        is_in_word = before.isalpha() or before == "{" or (name[0].isupper() and found and found[0] == " ")
        if not found or not (is_in_word or found[0] == "{}"):
            return self._untouched(at, after, end)
        return _LETTERS[name], found.end()

    def _named(self, name: str, at: int, end: int) -> tuple[str, int]:
        after = at + 1 + len(name)
        if name in _WORDS:
            return _WORDS[name], after
        if close := self._group(after, end):
            return self._with_group(name, at, after, close, end)
        found = "" if name in _NOT_IN_PROSE else symbol(name)
        if found and _MAY_STAND_BEFORE.match(self._before(at)) and _MAY_STAND_AFTER.match(self._text, after):
            return found, after
        return self._untouched(at, after, end)

    def _with_group(self, name: str, at: int, start: int, close: int, end: int) -> tuple[str, int]:
        if name in _TO_THEIR_TEXT:
            return self.read(start + 1, close), close + 1
        if name in ("textsuperscript", "textsubscript"):
            write = raised if name == "textsuperscript" else lowered
            return write(self.read(start + 1, close)), close + 1
        if name == "footnote":
            return f" ({self.read(start + 1, close).strip()})", close + 1
        if name == "ensuremath":
            return self._formula(at, start + 1, close, close + 1)
        if name in ("href", "textcolor") and (last := self._group(close + 1, end)):
            label = self.read(close + 2, last)
            return (self._linked(start, close, label) if name == "href" else label), last + 1
        return self._untouched(at, start, end)

    def _linked(self, start: int, close: int, label: str) -> str:
        """The address is shown beside a label that does not show it already."""
        address = self.read(start + 1, close)
        shown = re.sub(r"^https?://(?:www\.)?|/$", "", address)
        return (
            label if shown.casefold() in label.casefold() or not address.startswith("http") else f"{label} ({address})"
        )

    def _untouched(self, at: int, after: int, end: int) -> tuple[str, int]:
        """A macro that we do not know stays, and so do its arguments."""
        while close := self._closing.get(after, 0):
            if close >= end:
                break
            after = close + 1
        return self._text[at:after], after
