"""Names of papers: reads what people paste, gives the one key and the link to open. Looks nothing up.

A key is `arxiv:<base id>`, else `doi:<lower case>`, else `url:<sha256>`, else `title:<sha256>`.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

# Old style ids exist only in these archives; without the list "and/0601001" would be a paper.
_ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga "
    "econ eess funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics "
    "plasm-ph q-alg q-bio q-fin quant-ph solv-int stat supr-con"
)
_MONTH = r"(?:0[1-9]|1[0-2])"
_ARXIV_ID = re.compile(
    rf"(?:(?P<new>[0-9]{{2}}{_MONTH}\.[0-9]{{4,5}})"
    rf"|(?P<archive>{'|'.join(_ARCHIVES.split())})(?:\.[a-z-]+)?/(?P<number>[0-9]{{2}}{_MONTH}[0-9]{{3}}))"
    r"(?:v(?P<version>[1-9][0-9]{0,3}))?",
    re.IGNORECASE,
)
_CATEGORY_AFTER = re.compile(r"\s*\[[A-Za-z.-]+\]$")
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
_DOI_PREFIX = re.compile(r"(?:doi:\s*|(?:https?://)?(?:dx\.|www\.)?doi\.org/)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)
_NOT_IN_A_LINK = re.compile(r"[\s<>\"\\\x00-\x20\x7f]")
_ARXIV_PATH = re.compile(
    r"/(?:abs|pdf|html|format|src|e-print|tex|ps|list|overview|papers)/(.+?)(?:\.pdf)?/?", re.IGNORECASE
)
_ARXIV_HOSTS = {
    "arxiv.org",
    "export.arxiv.org",
    "browse.arxiv.org",
    "alphaxiv.org",
    "ar5iv.org",
    "ar5iv.labs.arxiv.org",
}
_HUGGING_FACE_HOSTS = {"huggingface.co", "hf.co"}
_BETWEEN_LINKS = re.compile(r"\s+|[<>|]|\]\(")  # also of Markdown and of Slack: [title](link), <link|title>
_LATIN_ACCENT = re.compile("[\u0300-\u036f]")
_TRACKING = re.compile(r"utm_.*|fbclid|gclid|mc_cid|mc_eid", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _ArxivId:
    base: str
    version: int | None


def paper_key(arxiv_id: str = "", doi: str = "", url: str = "", title: str = "") -> str:
    """The best key that these give. Raises ValueError when none of them names a paper."""
    if found := _arxiv_id(arxiv_id):
        return f"arxiv:{found.base}"
    if name := _doi(doi):
        return _doi_key(name)
    if link := _link(url):
        return _link_key(link)
    if folded := _fold_title(title):
        return f"title:{_hash(folded)}"
    raise ValueError("a paper needs an arXiv id, a DOI, a link or a title")


def read_reference(text: str) -> str | None:
    """The key of the paper that a person typed or pasted, or None when the text is something else."""
    pasted = _unwrap(text)
    if found := _arxiv_id(pasted):
        return f"arxiv:{found.base}"
    if name := _doi(pasted):
        return _doi_key(name)
    link = _link(pasted)
    return _link_key(link) if link else None


def read_references(text: str) -> dict[str, str]:
    """Every paper that a message names, in its order: key → the link or id as it was written."""
    if key := read_reference(text):
        return {key: _unwrap(text)}
    found: dict[str, str] = {}
    for word in _BETWEEN_LINKS.split(text):
        bare = _balanced(word.strip("[{\"'“”*_`.,;:!?").lstrip("("))
        if bare and (key := read_reference(bare)):
            found.setdefault(key, _unwrap(bare))
    return found


def version_of(text: str) -> int | None:
    """The arXiv version in an id or a link, or None when it names none."""
    pasted = _unwrap(text)
    link = _link(pasted)
    found = _arxiv_id(pasted) or (_arxiv_in_link(link) if link else None) or _arxiv_in_doi(_doi(pasted))
    return found.version if found else None


def arxiv_url(key: str) -> str:
    """The abstract page, or "" for a paper that is not on arXiv."""
    kind, _, name = key.partition(":")
    return f"https://arxiv.org/abs/{quote(name, safe='/.-')}" if kind == "arxiv" else ""


def web_link(key: str, url: str) -> str:
    """The best page to open for a paper, or "". Always http or https, whatever the source claimed."""
    kind, _, name = key.partition(":")
    if kind == "arxiv":
        return arxiv_url(key)
    if kind == "doi":
        return f"https://doi.org/{quote(name, safe='/.-_;()')}"
    link = _link(url)
    return link.geturl() if link else ""


def _unwrap(text: str) -> str:
    """Without what chats put around a link: `<https://…>`, Slack's `<https://…|label>`, a full stop."""
    inner = text.strip()
    if inner.startswith("<") and inner.endswith(">"):
        inner = inner[1:-1].partition("|")[0]
    return _CATEGORY_AFTER.sub("", inner.strip()).rstrip(".,;!?'\"")


def _arxiv_id(text: str) -> _ArxivId | None:
    bare = re.sub(r"^arxiv:\s*", "", text.strip(), flags=re.IGNORECASE)
    match = _ARXIV_ID.fullmatch(bare)
    if not match:
        return None
    base = match["new"] or f"{match['archive'].lower()}/{match['number']}"
    return _ArxivId(base, int(match["version"]) if match["version"] else None)


def _doi(text: str) -> str:
    bare = _DOI_PREFIX.sub("", text.strip(), count=1)
    bare = unquote(bare) if bare != text.strip() else bare
    match = _DOI.fullmatch(bare.partition("#")[0].partition("?")[0])
    return _balanced(match[0]).lower() if match else ""


def _balanced(name: str) -> str:
    """A DOI may end in a bracket of its own; one more was the sentence's."""
    spare = max(0, name.count(")") - name.count("("))
    return name[: len(name) - min(spare, len(name) - len(name.rstrip(")")))]


def _doi_key(name: str) -> str:
    found = _arxiv_in_doi(name)
    return f"arxiv:{found.base}" if found else f"doi:{name}"


def _arxiv_in_doi(name: str) -> _ArxivId | None:
    return _arxiv_id(_ARXIV_DOI.sub("", name, count=1)) if _ARXIV_DOI.match(name) else None


def _link(text: str) -> SplitResult | None:
    """The parts of an http(s) link; a bare `arxiv.org/…` counts, since people type it."""
    bare = text.strip()
    if re.match(r"(?:[a-z0-9]+\.)*(?:arxiv|alphaxiv|ar5iv)\.org/|(?:huggingface|hf)\.co/papers/", bare, re.IGNORECASE):
        bare = f"https://{bare}"
    if _NOT_IN_A_LINK.search(bare):
        return None
    try:
        parts = urlsplit(bare)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname and port_is_good else None


def _link_key(link: SplitResult) -> str:
    if found := _arxiv_in_link(link):
        return f"arxiv:{found.base}"
    if name := _doi(link.geturl()):
        return _doi_key(name)
    return f"url:{_hash(_normal(link))}"


def _arxiv_in_link(link: SplitResult) -> _ArxivId | None:
    host = (link.hostname or "").removeprefix("www.")
    path = unquote(link.path)
    match = _ARXIV_PATH.fullmatch(path)
    if not match or not (host in _ARXIV_HOSTS or (host in _HUGGING_FACE_HOSTS and path.startswith("/papers/"))):
        return None
    return _arxiv_id(match[1])


def _normal(link: SplitResult) -> str:
    """One spelling for one page: no scheme, `www.`, default port, fragment, last slash or tracking words."""
    host = (link.hostname or "").removeprefix("www.")
    port = "" if link.port in (None, 80, 443) else f":{link.port}"
    kept = [
        (name, value) for name, value in parse_qsl(link.query, keep_blank_values=True) if not _TRACKING.fullmatch(name)
    ]
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{host}{port}{link.path.rstrip('/')}{query}"


def _fold_title(title: str) -> str:
    """Without Latin accents, case and punctuation, so that two sources give one key."""
    plain = _LATIN_ACCENT.sub("", unicodedata.normalize("NFKD", title)).casefold()
    words = "".join(" " if unicodedata.category(c)[0] in "PZC" else c for c in plain).split()
    return " ".join(words) or title.strip()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
