"""HTML read back as elements, so that tests speak of what a page holds and not of how it is written."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: "list[Element]" = field(default_factory=list)

    def all(self, tag: str = "", **wanted: str) -> "list[Element]":
        """Descendants by tag and attributes, in order; `class_`, `aria_pressed`: what Python can't spell."""
        asked = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        found = [e for e in self.inside if tag in ("", e.tag) and asked.items() <= e.attributes.items()]
        deeper = [e for child in self.inside for e in child.all(tag, **wanted)]
        return [*found, *deeper]

    def one(self, tag: str = "", **wanted: str) -> "Element":
        found = self.all(tag, **wanted)
        assert len(found) == 1, f"{len(found)} of <{tag} {wanted}>"
        return found[0]

    @property
    def fields(self) -> dict[str, str]:
        """Of a form: what a browser would send, buttons apart."""
        typed = {e.attributes["name"]: e.text.removeprefix("\n") for e in self.all("textarea")}
        return typed | {
            e.attributes["name"]: e.attributes.get("value", "") for e in self.all("input") if "name" in e.attributes
        }

    @property
    def shape(self) -> "list[tuple[str, tuple[str, ...], object]]":
        """Which elements with which attributes, without any text or value."""
        return [(e.tag, tuple(sorted(e.attributes)), e.shape) for e in self.inside]


class _Reader(HTMLParser):
    VOID = frozenset({"input", "meta", "link", "img", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in self.VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def read_html(text: str) -> Element:
    """Fails where tags are not closed in order."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is not closed"
    return reader.open[0]
