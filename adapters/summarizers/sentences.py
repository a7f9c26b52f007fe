"""Splits English text into its sentences. Changes no character of them but white space."""

import re

# A run is tried from its beginning only: 10,000 full stops are no reason to try it from each.
_END = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’»)\]]*\s+")
_CLOSERS = "\"'”’»)]"
_CAN_BEGIN = re.compile(r"[\"'“‘«(\[]*(?:[^\W\d_a-z]|\d|[a-z]+[A-Z0-9]|[a-z]-|[√∞$\\])")
_STARTS_SENTENCES = re.compile(
    r"[\"'“(]*(?:The|Th[ei]se|This|Those|That|We|Our|Its?|In|On|To|For|From|By|With|However|Here|More|Moreover|Further|Furthermore"
    r"|Finally|While|When|Although|Despite|Such|They|There|As|At|An?|And|But|Then|Thus|Hence|Experiments?|Results?"
    r"|Extensive|Code|Unlike|Recent|Recently|Most|Many|Some|All|Using|Based|Empirically|Specifically|Additionally)\b"
)
_BEFORE = r"(?:^|[\s(\[\"'“‘/–—-])"
_NEVER_LAST = re.compile(
    rf"{_BEFORE}(?:[Ee]\.\s?g|[Ii]\.\s?e|[Cc]f|[Vv]s|[Vv]iz|[Rr]esp|[Aa]pprox|[Cc]a|w\.r\.t|s\.t|esp|incl|pp?|Figs?|Eqs?|Eqns?"
    r"|Secs?|Sects?|Tabs?|Refs?|Thms?|Props?|Defs?|Chs?|Vols?|Drs?|Profs?|Mrs?|Ms|Mt|St)\.$"
)
# These end a sentence as often as not: what follows decides.
_SELDOM_LAST = re.compile(
    rf"{_BEFORE}(?:et al|etc|a\.k\.a|i\.i\.d|a\.m|p\.m|Inc|Ltd|Corp|Jr|Sr|Ph\.D|(?:[A-Za-z]\.)*[A-Z])\.$"
)
_BEFORE_NUMBER = re.compile(rf"{_BEFORE}(?:[Nn]os?|[Aa]rt|[Ff]igs?|[Ss]ecs?|[Tt]abs?|[Ee]qs?)\.$")
_ITEM = re.compile(r"\(?(?:\d{1,2}|[ivx]{1,4})\.")
_LOOK_BACK = 24


def split_sentences(text: str) -> list[str]:
    """In order, none empty, together the whole text (white space folded)."""
    line = " ".join(text.split())
    sentences: list[str] = []
    start = 0
    for found in _END.finditer(line):
        before = line[max(start, found.end() - _LOOK_BACK) : found.end()].rstrip()
        if _ends(before, line[found.end() : found.end() + _LOOK_BACK]):
            sentences.append(line[start : found.end()].rstrip())
            start = found.end()
    rest = line[start:]
    return [*sentences, rest] if rest else sentences


def _ends(before: str, after: str) -> bool:
    bare = before.rstrip(_CLOSERS)
    if not _CAN_BEGIN.match(after) or _NEVER_LAST.search(bare) or _ITEM.fullmatch(bare):
        return False
    if _BEFORE_NUMBER.search(bare) and after[0].isdigit():
        return False
    return not _SELDOM_LAST.search(bare) or bool(_STARTS_SENTENCES.match(after))
