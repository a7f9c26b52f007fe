"""Keys and links of papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.papers.ids import arxiv_url, paper_key, read_reference, read_references, version_of, web_link


@pytest.mark.parametrize(
    ("pasted", "key"),
    [
        ("2412.01234", "arxiv:2412.01234"),
        ("2412.01234v3", "arxiv:2412.01234"),
        ("  arXiv:2412.01234 ", "arxiv:2412.01234"),
        ("arXiv:2412.01234v1 [cs.CL]", "arxiv:2412.01234"),
        ("math/0601001", "arxiv:math/0601001"),
        ("math.GT/0601001v2", "arxiv:math/0601001"),
        ("https://arxiv.org/abs/2412.01234", "arxiv:2412.01234"),
        ("http://www.arxiv.org/abs/2412.01234v2?context=cs", "arxiv:2412.01234"),
        ("arxiv.org/abs/2412.01234", "arxiv:2412.01234"),
        ("https://arxiv.org/pdf/2412.01234v2.pdf", "arxiv:2412.01234"),
        ("https://arxiv.org/pdf/hep-th/9901001.pdf", "arxiv:hep-th/9901001"),
        ("https://arxiv.org/html/2412.01234v2#S3", "arxiv:2412.01234"),
        ("https://export.arxiv.org/abs/2412.01234", "arxiv:2412.01234"),
        ("https://www.alphaxiv.org/abs/2412.01234", "arxiv:2412.01234"),
        ("https://huggingface.co/papers/2412.01234", "arxiv:2412.01234"),
        ("https://doi.org/10.48550/arXiv.2412.01234", "arxiv:2412.01234"),
        ("10.48550/arXiv.2412.01234", "arxiv:2412.01234"),
        ("https://doi.org/10.1234/ABC.5", "doi:10.1234/abc.5"),
        ("doi:10.1234/ABC.5", "doi:10.1234/abc.5"),
        ("10.1016/s0140-6736(05)6", "doi:10.1016/s0140-6736(05)6"),
        ("10.1234/abc.5).", "doi:10.1234/abc.5"),
        ("<https://arxiv.org/abs/2412.01234>", "arxiv:2412.01234"),
        ("<https://arxiv.org/abs/2412.01234|a paper>", "arxiv:2412.01234"),
    ],
)
def test_what_people_paste_names_the_paper(pasted: str, key: str) -> None:
    assert read_reference(pasted) == key


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "diffusion models",
        "2413.01234",
        "2400.01234",
        "and/0601001",
        "3.14159",
        "12412.01234",
        "javascript:alert(1)",
        "ftp://arxiv.org/abs/2412.01234",
        "https://",
        "https://[::1",
        "https://example.org/a b",
        "https://example.org:99999/",
        "10.1234",
    ],
)
def test_anything_else_is_no_reference(typed: str) -> None:
    assert read_reference(typed) is None


@pytest.mark.parametrize(
    "link",
    [
        "https://arxiv.org.example.com/abs/2412.01234",
        "https://evil-arxiv.org/abs/2412.01234",
        "https://arxiv.org@a.io/",
    ],
)
def test_a_host_that_only_looks_like_arxiv_is_any_link(link: str) -> None:
    assert str(read_reference(link)).startswith("url:")


def test_spellings_of_one_page_have_one_key() -> None:
    spellings = [
        "https://example.org/paper",
        "http://www.Example.org/paper/",
        "https://example.org:443/paper#top",
        "https://example.org/paper?utm_source=chat",
    ]
    assert len({read_reference(link) for link in spellings}) == 1


def test_pages_that_differ_in_a_parameter_have_different_keys() -> None:
    assert read_reference("https://example.org/forum?id=a") != read_reference("https://example.org/forum?id=b")


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("2412.01234v3", 3),
        ("https://arxiv.org/pdf/2412.01234v12.pdf", 12),
        ("10.48550/arXiv.2412.01234v2", 2),
        ("2412.01234", None),
        ("version 3", None),
    ],
)
def test_the_version_is_read_from_ids_and_links(text: str, version: int | None) -> None:
    assert version_of(text) == version


def test_the_best_name_that_is_given_makes_the_key() -> None:
    assert paper_key("2412.01234v2", "10.1/x", "https://example.org", "A title") == "arxiv:2412.01234"
    assert paper_key("", "10.1234/X", "https://example.org", "A title") == "doi:10.1234/x"
    assert paper_key("", "", "https://example.org", "A title") == read_reference("https://example.org")
    assert paper_key("", "", "", "A title").startswith("title:")


def test_an_arxiv_paper_is_known_by_its_doi_and_its_link() -> None:
    assert paper_key(doi="10.48550/ARXIV.2412.01234") == "arxiv:2412.01234"
    assert paper_key(url="https://arxiv.org/abs/2412.01234v4") == "arxiv:2412.01234"


def test_a_malformed_id_gives_way_to_the_next_name() -> None:
    assert paper_key(arxiv_id="not an id", title="A title") == paper_key(title="A title")


def test_case_accents_and_punctuation_do_not_make_another_title() -> None:
    assert paper_key(title="Schrödinger's  Cat: a Review") == paper_key(title="SCHRODINGER S CAT, A REVIEW")


@pytest.mark.parametrize(("one", "other"), [("C++", "C"), ("की", "का"), ("∀∃", "∃∀"), ("?", "!")])
def test_titles_that_differ_have_different_keys(one: str, other: str) -> None:
    assert paper_key(title=one) != paper_key(title=other)


def test_nothing_is_no_paper() -> None:
    with pytest.raises(ValueError, match="needs an arXiv id"):
        paper_key(url="javascript:alert(1)", title="  ")


def test_the_link_to_open_is_the_papers_own_page() -> None:
    assert arxiv_url("arxiv:math/0601001") == "https://arxiv.org/abs/math/0601001"
    assert web_link("arxiv:2412.01234", "https://example.org") == "https://arxiv.org/abs/2412.01234"
    assert web_link("doi:10.1234/a<b>", "") == "https://doi.org/10.1234/a%3Cb%3E"
    assert web_link("url:00", "https://example.org/a?b=c") == "https://example.org/a?b=c"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//example.org", "", "https:///x", "file:///x"]
)
def test_no_link_is_better_than_a_dangerous_one(url: str) -> None:
    assert web_link("title:00", url) == ""


@given(st.text(), st.sampled_from(["", "https://", "10.1234/", "<https://", "arxiv.org/abs/"]))
def test_any_text_is_read_without_failing(text: str, start: str) -> None:
    key = read_reference(start + text)
    assert key is None or key.partition(":")[0] in {"arxiv", "doi", "url"}
    assert version_of(start + text) is None or key is not None
    assert (
        web_link("url:00", start + text).startswith(("http://", "https://")) or web_link("url:00", start + text) == ""
    )


@given(st.from_regex(r"[0-9]{2}(0[1-9]|1[0-2])\.[0-9]{5}", fullmatch=True), st.integers(1, 99))
def test_every_way_to_write_an_id_gives_the_same_key(base: str, version: int) -> None:
    ways = [base, f"{base}v{version}", arxiv_url(f"arxiv:{base}"), f"https://arxiv.org/pdf/{base}v{version}"]
    assert {read_reference(way) for way in ways} == {f"arxiv:{base}"}
    assert version_of(ways[1]) == version_of(ways[3]) == version


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("2412.01234", ["arxiv:2412.01234"]),
        ("read 2412.01234, then math/0601001!", ["arxiv:2412.01234", "arxiv:math/0601001"]),
        ("[a title](https://arxiv.org/abs/2412.01234)", ["arxiv:2412.01234"]),
        ("<https://arxiv.org/abs/2412.01234|2412.01234>", ["arxiv:2412.01234"]),
        ("(see https://arxiv.org/pdf/2412.01234v2.pdf).", ["arxiv:2412.01234"]),
        ("**arXiv:2412.01234**", ["arxiv:2412.01234"]),
        (
            "doi.org/10.1016/s0140-6736(20)30183-5, or 10.1000/xyz",
            ["doi:10.1016/s0140-6736(20)30183-5", "doi:10.1000/xyz"],
        ),
        ("no link at all, on 2026-11-23 at 09.30", []),
        ("", []),
    ],
)
def test_every_paper_that_a_message_names_is_read(text: str, keys: list[str]) -> None:
    assert list(read_references(text)) == keys


def test_a_reference_is_kept_as_it_was_written() -> None:
    text = "look at <https://example.org/A?x=1>, and https://example.org/A?x=1#top"
    assert list(read_references(text).values()) == ["https://example.org/A?x=1"]
