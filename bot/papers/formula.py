"""Writes one TeX formula as plain Unicode: `\\ell_2` → ℓ₂. Knows no prose, finds no formulas, guesses nothing."""

import re
import unicodedata
from functools import cache

_MAX_DEPTH = 12

_TABLE = """
alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ varkappa ϰ lambda λ
mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ
omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
times × div ÷ pm ± mp ∓ cdot · ast * star ⋆ circ ∘ bullet • oplus ⊕ otimes ⊗ odot ⊙ wedge ∧ land ∧ vee ∨ lor ∨ cup ∪
cap ∩ setminus ∖ neg ¬ lnot ¬ dagger † dag † ddagger ‡ amalg ⨿ sqcup ⊔ bigcup ⋃ bigcap ⋂ bigoplus ⨁ ltimes ⋉ rtimes ⋊
le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ll ≪ gg ≫ ne ≠ neq ≠ approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝
lesssim ≲ gtrsim ≳ asymp ≍ doteq ≐ prec ≺ succ ≻ preceq ⪯ succeq ⪰ lt < gt > triangleq ≜ coloneqq ≔ models ⊨ vdash ⊢
in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ subsetneq ⊊ supset ⊃ supseteq ⊇ mid | parallel ∥ perp ⊥ bot ⊥ top ⊤
to → rightarrow → longrightarrow ⟶ leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔
implies ⇒ mapsto ↦ uparrow ↑ downarrow ↓ updownarrow ↕ nearrow ↗ searrow ↘ rightleftharpoons ⇌ hookrightarrow ↪
infty ∞ partial ∂ nabla ∇ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ wp ℘
sum ∑ prod ∏ int ∫ oint ∮ coprod ∐ angle ∠ triangle △ square □ Box □ blacksquare ■ diamond ⋄ checkmark ✓ prime ′
langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | vert | lVert ‖ rVert ‖ Vert ‖ lbrace { rbrace }
lbrack [ rbrack ] ldots … dots … dotsc … dotsb … cdots ⋯ vdots ⋮ ddots ⋱ colon : degree ° deg ° imath ı jmath ȷ
AA Å texttimes × textdegree ° textregistered ® texttrademark ™ copyright © S § P ¶ pounds £ euro € texteuro € textmu µ
textquoteright ’ textquoteleft ‘ textquotedblleft “ textquotedblright ” textendash – textemdash — textellipsis …
textbullet • textless < textgreater > textbar | textunderscore _ textasciitilde ~ textpm ± textsection § mho ℧
leadsto ⇝ R ℝ eps ε
"""
_SPACES = {",", ";", ":", ">", " ", "quad", "qquad", "space", "thinspace", "enspace"}
_NOTHING = {
    *(
        "!",
        "/",
        "-",
        "left",
        "right",
        "middle",
        "mleft",
        "mright",
        "big",
        "Big",
        "bigg",
        "Bigg",
        "bigl",
        "bigr",
        "Bigl",
    ),
    *("Bigr", "biggl", "biggr", "Biggl", "Biggr", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits"),
    *(
        "bf",
        "it",
        "rm",
        "sf",
        "tt",
        "em",
        "sc",
        "cal",
        "sl",
        "small",
        "smash",
        "ensuremath",
        "xspace",
        "protect",
        "relax",
    ),
}
_FUNCTIONS = """
log ln exp min max sup inf lim limsup liminf arg argmin argmax sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos
arctan det dim ker gcd lcm Pr hom poly polylog sgn sign tr Tr diag rank supp softmax mod bmod
"""
# Upright, bold and script letters become plain ones: a reader searches for O(n), and many fonts lack 𝒪.
_PLAIN = """
text textrm textbf textit textsf texttt textsc textsl textnormal textup emph mbox hbox mathrm mathbf mathit mathsf
mathtt mathcal mathscr mathfrak mathnormal boldsymbol bm pmb operatorname underline uline mathop mathbin mathrel
"""
_VERBATIM = {"text", "textrm", "textbf", "textit", "textsf", "texttt", "textsc", "textnormal", "emph", "mbox", "hbox"}
_DOUBLE_STRUCK = {"mathbb", "mathbbm", "mathds", "Bbb"}
_DOUBLE_LETTERS = {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"}
_HATS = """
hat \u0302 widehat \u0302 tilde \u0303 widetilde \u0303 Tilde \u0303 bar \u0304 overline \u0304 dot \u0307 ddot \u0308
vec \u20d7 acute \u0301 grave \u0300 check \u030c breve \u0306 mathring \u030a
"""
_UP = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤∘′*†",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ°′*†",
)
_DOWN = str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[{}^_&#$%~]|\s+|.", re.DOTALL)
_SIMPLE = re.compile(r"√?(?:[^\W_]|[\u0300-\u036f])+|[\d.,]+|\([^()]*\)|.", re.DOTALL)
_SIMPLE_SCRIPT = re.compile(r"[^\W_⁰-⁹¹²³ᵃ-ᶻⁱⁿₐ-ₜ₀-₉ᴬ-ᵂ]+|[^\s]", re.DOTALL)
_BRACKET_SPACE = re.compile(r"(?<=[(\[⟨⌊⌈]) | (?=[)\]⟩⌋⌉])")
_WORD = re.compile(r"[A-Za-z]{3,}")
# Stands beside log, min, …: a space where it parts two words, nothing elsewhere.
_GAP = "\x1f"
_PARTING = re.compile(rf"(?<=[^\W_]|[)\]]){_GAP}+\s*(?=[^\W_⁰-⁹¹²³ᵃ-ᶻⁱⁿₐ-ₜ₀-₉ᴬ-ᵂ]|[√∑∏∞])")


class Unreadable(Exception):
    """The formula holds something without a plain form; its source should be shown. Caught in this folder."""


def pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


@cache
def _symbols() -> dict[str, str]:
    return pairs(_TABLE)


@cache
def _hats() -> dict[str, str]:
    return pairs(_HATS)


@cache
def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


def symbol(name: str) -> str:
    """The character of a symbol macro, or "" when it is none."""
    return _symbols().get(name, "")


def plain_formula(source: str) -> str:
    """Raises Unreadable rather than lose or guess a part."""
    written = _Reader(source).read()
    written = _PARTING.sub(" ", written).replace(_GAP, "")
    return _BRACKET_SPACE.sub("", " ".join(unicodedata.normalize("NFC", written).split()))


def raised(text: str) -> str:
    """`n` → ⁿ; what has no such letters is written as ^n or ^(n+ε)."""
    return _script(text, _UP, "^")


def lowered(text: str) -> str:
    return _script(text, _DOWN, "_")


def _script(text: str, letters: dict[int, int], mark: str) -> str:
    if not text:
        return ""
    if not _WORD.search(text) and all(ord(c) in letters for c in text):
        return text.translate(letters)
    return f"{mark}{text}" if _SIMPLE_SCRIPT.fullmatch(text) else f"{mark}({text})"


def _grouped(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"


class _Reader:
    """Walks over the tokens of one formula once."""

    __slots__ = ("_at", "_depth", "_tokens")

    def __init__(self, source: str) -> None:
        self._tokens: list[str] = _TOKEN.findall(source)
        self._at = 0
        self._depth = 0

    def read(self) -> str:
        written = self._until("")
        if self._at < len(self._tokens):
            raise Unreadable
        return written

    def _until(self, end: str) -> str:
        """Up to the closing sign, which is left in place. A depth guard keeps hostile nesting off the stack."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Unreadable
        written = ""
        while self._at < len(self._tokens) and self._tokens[self._at] not in (end, "}"):
            written += self._next(written)
        self._depth -= 1
        return written

    def _next(self, before: str) -> str:
        sign = self._tokens[self._at]
        self._at += 1
        if sign == "{":
            return self._group("}")
        if sign in "^_":
            return raised(self._bare()) if sign == "^" else lowered(self._bare())
        if sign[0] == "\\":
            return self._macro(sign[1:], before)
        if sign in "&#$":
            raise Unreadable
        return {"'": "′", "~": " "}.get(sign, " " if sign.isspace() else sign)

    def _group(self, end: str) -> str:
        written = self._until(end)
        if self._at >= len(self._tokens) or self._tokens[self._at] != end:
            raise Unreadable
        self._at += 1
        return written

    def _argument(self) -> str:
        self._skip_space()
        if self._at >= len(self._tokens) or self._tokens[self._at] in ("^", "_", "}"):
            raise Unreadable
        return self._next("")

    def _bare(self) -> str:
        return self._argument().replace(_GAP, "").strip()

    def _skip_space(self) -> None:
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1

    def _macro(self, name: str, before: str) -> str:
        if name in "{}%&_#$|" and name:
            return {"|": "‖"}.get(name, name)
        if name in _SPACES:
            return " "
        if name in _NOTHING:
            return self._void(name)
        if name in _names(_FUNCTIONS):
            return f"{_GAP}{name}{_GAP}"
        if found := symbol(name):
            return self._symbol(found, before)
        return self._with_argument(name, before)

    def _void(self, name: str) -> str:
        """`\\left.` is no full stop; and what parted two words goes on parting them."""
        if name in ("left", "right") and self._tokens[self._at : self._at + 1] == ["."]:
            self._at += 1
        if name.isalpha():
            self._skip_space()
        return ""

    def _symbol(self, found: str, before: str) -> str:
        """TeX eats the space after a macro; we keep it where there is one before, for `x \\le y`."""
        if not before.endswith(" "):
            self._skip_space()
        return found

    def _with_argument(self, name: str, before: str) -> str:
        if name in _names(_PLAIN):
            return self._plain(name, before)
        if name in _DOUBLE_STRUCK:
            return "".join(_double_struck(letter) for letter in self._bare())
        if name in _hats():
            return self._hat(_hats()[name])
        if name in ("frac", "tfrac", "dfrac", "nicefrac", "sfrac"):
            return self._fraction(before)
        if name == "sqrt":
            return f"√{_grouped(self._bare())}"
        if name in ("textsuperscript", "textsubscript"):
            return raised(self._bare()) if name == "textsuperscript" else lowered(self._bare())
        if name == "unicode":
            return _by_number(self._bare())
        raise Unreadable

    def _plain(self, name: str, before: str) -> str:
        if name == "operatorname":
            return f"{_GAP}{self._bare()}{_GAP}"
        return self._argument() if name in _VERBATIM else self._bare()

    def _hat(self, mark: str) -> str:
        base = self._bare()
        if len(base) != 1 or not base.isalpha():
            raise Unreadable
        return base + mark

    def _fraction(self, before: str) -> str:
        written = f"{_grouped(self._bare())}/{_grouped(self._bare())}"
        is_part = re.search(r"[\w)\]!]$", before) or self._factor_follows()
        return f"({written})" if is_part else written

    def _factor_follows(self) -> bool:
        sign = "".join(self._tokens[self._at : self._at + 1])
        if sign.startswith("\\"):
            return sign[1:] in _names(_FUNCTIONS) or symbol(sign[1:]).isalpha() or sign[1:] in ("sqrt", "frac", "left")
        return sign.isalnum() or sign in ("(", "^")


def _double_struck(letter: str) -> str:
    if letter in _DOUBLE_LETTERS:
        return _DOUBLE_LETTERS[letter]
    if "A" <= letter <= "Z":
        return chr(0x1D538 + ord(letter) - ord("A"))
    if letter == "1":
        return "𝟙"
    raise Unreadable


def _by_number(number: str) -> str:
    """MathJax's `\\unicode{x2013}`. Only what is visible: a number could name a control character."""
    match = re.fullmatch(r"x([0-9A-Fa-f]{2,5})", number)
    found = chr(int(match[1], 16)) if match else ""
    if not found.isprintable() or not found or found in "\\${}":
        raise Unreadable
    return found
