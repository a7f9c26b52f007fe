"""Hugging Face's answers become raw papers; damage is counted, isolated or said in a sentence."""

import io
import json
import tarfile
from collections.abc import AsyncIterator, Iterator
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.net import Net
from adapters.sources.huggingface import HuggingFace, parse_daily, parse_paper
from bot.errors import SourceError
from bot.model import Batch, HuggingFaceSettings, RawPaper
from bot.ports import Source
from tests.fakes.huggingface import PATH, FakeHuggingFace, Misbehaviour, daily_item
from tests.fakes.instant import InstantClock

DAY = date(2026, 3, 2)
PAGE = ("Hugging Face", "https://huggingface.co/papers/2501.01234")
RECORDED = Path(__file__).parents[2] / "shared" / "data" / "hf_daily"


def only(item: object) -> RawPaper:
    (paper,) = parse_daily([item]).papers
    return paper


def with_paper(**changes: object) -> dict[str, object]:
    item = daily_item()
    assert isinstance(item["paper"], dict)
    return {**item, "paper": {**item["paper"], **changes}}


def without(*keys: str) -> dict[str, object]:
    item = daily_item()
    assert isinstance(item["paper"], dict)
    return {**item, "paper": {key: value for key, value in item["paper"].items() if key not in keys}}


# --- one item --------------------------------------------------------------------------------------------------


def test_an_item_becomes_a_raw_paper() -> None:
    item = daily_item(title="A\ntitle", code="https://example.org/code", project="http://example.org/")
    assert only(item) == RawPaper(
        title="A\ntitle",
        abstract="We study models that ask back. They answer less and are right more often.",
        arxiv_id="2501.01234",
        authors=("Ada Example", "Bo Sample"),
        published=date(2025, 1, 2),
        upvotes=7,
        links=(("code", "https://example.org/code"), ("project", "http://example.org/"), PAGE),
    )


def test_only_id_and_title_are_needed() -> None:
    item = {"paper": {"id": "2501.01234", "title": "T"}}
    assert only(item) == RawPaper(title="T", arxiv_id="2501.01234", links=(PAGE,))


def test_the_outer_title_summary_and_date_stand_in() -> None:
    paper = only(without("title", "summary", "publishedAt"))
    whole = only(daily_item())
    assert (paper.title, paper.abstract, paper.published) == (whole.title, whole.abstract, whole.published)


def test_upvotes_are_read_inside_the_paper_only() -> None:
    assert only({**without("upvotes"), "upvotes": 9}).upvotes is None


@pytest.mark.parametrize("upvotes", [None, "7", True, -1, 7.5, 10**30, [7]], ids=repr)
def test_odd_upvotes_are_unknown(upvotes: object) -> None:
    assert only(with_paper(upvotes=upvotes)).upvotes is None


@pytest.mark.parametrize("published", [None, "", "yesterday", "2026-02-30T00:00:00Z", 20260302], ids=repr)
def test_an_odd_date_is_unknown(published: object) -> None:
    assert only({**with_paper(publishedAt=published), "publishedAt": None}).published is None


def test_authors_without_a_name_are_left_out() -> None:
    authors = [{"name": "Ada Example"}, {"name": " "}, {"name": None}, {}, "Bo", None, {"name": "Cy", "hidden": True}]
    assert only(with_paper(authors=authors)).authors == ("Ada Example", "Cy")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://example.org/x",
        "//example.org",
        "https://",
        "https:///x",
        "https://a b.org/",
        "https://example.org/\u202egpj.exe",
        "https://example.org/\x00",
        "https://example.org/" + "a" * 2000,
        "example.org",
        "",
        None,
        ["https://example.org"],
    ],
    ids=ascii,
)
def test_only_web_links_are_kept(address: object) -> None:
    assert only(with_paper(githubRepo=address, projectPage=address)).links == (PAGE,)


def test_a_blank_before_a_link_is_no_fault() -> None:
    assert ("project", "https://example.org/x") in only(daily_item(project=" https://example.org/x\n")).links


@pytest.mark.parametrize(
    "arxiv_id", ["2501.01234v2", "0704.0001", "math/0601001", "math.GT/0309136v1", "hep-th/9901001"]
)
def test_every_style_of_arxiv_id_is_read(arxiv_id: str) -> None:
    assert only(with_paper(id=arxiv_id)).arxiv_id == arxiv_id


# --- a whole answer --------------------------------------------------------------------------------------------

BROKEN: list[object] = [
    None,
    7,
    "text",
    "{'paper': {'id': '2501.01234'}}",
    [],
    {},
    {"paper": None},
    {"paper": "2501.01234"},
    {"paper": {"title": "No id"}},
    {"paper": {"id": "2501.01234"}},
    with_paper(id=2501.01234),
    with_paper(id=""),
    with_paper(id="https://arxiv.org/abs/2501.01234"),
    with_paper(id="２501.01234"),
    with_paper(id="../../x"),
    {**with_paper(title=" "), "title": None},
]


@pytest.mark.parametrize("item", BROKEN, ids=ascii)
def test_one_bad_item_is_skipped_and_counted(item: object) -> None:
    batch = parse_daily([daily_item(id="2501.00001"), item, daily_item(id="2501.00002")])
    assert [paper.arxiv_id for paper in batch.papers] == ["2501.00001", "2501.00002"]
    assert (batch.skipped, batch.partial, batch.note) == (1, "", "")


def test_a_paper_named_twice_is_one() -> None:
    batch = parse_daily([daily_item(upvotes=1), daily_item(upvotes=2), daily_item(id="2501.01234v2")])
    assert [paper.upvotes for paper in batch.papers] == [1]
    assert batch.skipped == 0


def test_an_empty_list_is_a_day_without_papers() -> None:
    assert parse_daily([]) == Batch(())


def test_a_full_list_may_miss_papers() -> None:
    items = [daily_item(id=f"2501.{n:05}") for n in range(100)]
    assert parse_daily(items).partial == "Hugging Face shows at most 100 papers of a day"
    assert parse_daily(items[:99]).partial == ""


def test_nothing_readable_is_an_error_with_a_count() -> None:
    with pytest.raises(SourceError, match=f"^Hugging Face sent {len(BROKEN)} items, and none of them can be read"):
        parse_daily(BROKEN)


@pytest.mark.parametrize(
    ("data", "kind"),
    [({"error": "x"}, "an object"), ("[]", "a text"), (None, "a single value"), (3, "a single value")],
    ids=repr,
)
def test_what_is_no_list_is_an_error(data: object, kind: str) -> None:
    with pytest.raises(SourceError, match=f"^Hugging Face sent {kind} where a list of papers was expected$"):
        parse_daily(data)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PAPER_KEYS = ("id", "title", "summary", "authors", "publishedAt", "upvotes", "githubRepo", "projectPage")
IDS = st.sampled_from(["2501.01234", "2501.01234v2", "math/0601001"])
LIKE_A_PAPER = st.dictionaries(st.sampled_from(PAPER_KEYS), ANY_JSON) | st.builds(
    lambda paper, arxiv_id: {**paper, "id": arxiv_id, "title": "T"},
    st.dictionaries(st.sampled_from(PAPER_KEYS), ANY_JSON),
    IDS,
)
LIKE_AN_ITEM = st.dictionaries(st.sampled_from(("paper", "title", "summary", "publishedAt")), LIKE_A_PAPER | ANY_JSON)


@given(ANY_JSON | st.lists(ANY_JSON | LIKE_AN_ITEM, max_size=5))
def test_any_json_is_a_batch_or_a_source_error(data: object) -> None:
    try:
        batch = parse_daily(data)
    except SourceError:
        return
    assert isinstance(data, list)
    assert len(batch.papers) + batch.skipped <= len(data)
    assert all(paper.title.strip() and paper.arxiv_id for paper in batch.papers)
    assert all(address.startswith(("http://", "https://")) for paper in batch.papers for _, address in paper.links)


# --- recorded answers ------------------------------------------------------------------------------------------


def recorded(archive: str) -> Iterator[object]:
    path = RECORDED / archive
    if not path.exists():
        pytest.skip("the recorded answers are not part of this project")
    with tarfile.open(path) as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file is not None:
                yield json.load(io.TextIOWrapper(file, encoding="utf-8"))


def test_every_recorded_day_is_read_whole() -> None:
    days = papers = 0
    for data in recorded("daily_papers_raw.tar.xz"):
        batch = parse_daily(data)
        assert isinstance(data, list)
        assert (len(batch.papers), batch.skipped, batch.partial) == (len(data), 0, "")
        assert all(paper.abstract and paper.authors and paper.published for paper in batch.papers)
        assert all(paper.upvotes is not None for paper in batch.papers)
        days, papers = days + 1, papers + len(batch.papers)
    assert (days, papers) == (369, 6185)


def test_recorded_days_that_are_wrapped_in_text_are_refused() -> None:
    days = 0
    for data in recorded("daily_papers_pyrepr_wrapped.tar.xz"):
        with pytest.raises(SourceError, match=r"^Hugging Face sent (an object|\d+ items, and none of them)"):
            parse_daily(data)
        days += 1
    assert days == 18


# --- over the wire ---------------------------------------------------------------------------------------------


@pytest.fixture
async def fake() -> AsyncIterator[FakeHuggingFace]:
    async with FakeHuggingFace() as server:
        yield server


@pytest.fixture
async def source(fake: FakeHuggingFace) -> AsyncIterator[HuggingFace]:
    async with Net(InstantClock(), timeout=1, pause=0.01) as net:
        yield HuggingFace(HuggingFaceSettings(base_url=f"{fake.url}/"), net)


async def test_it_is_a_source(source: HuggingFace) -> None:
    port: Source = source
    assert (port.name, port.label, port.zone, port.settles) == ("huggingface", "Hugging Face", "UTC", time(8))
    assert list(port.backlog) == []


async def test_a_day_is_fetched_with_one_request(source: HuggingFace, fake: FakeHuggingFace) -> None:
    fake.days["2026-03-02"] = [daily_item(id=f"2603.{n:05}") for n in range(60)]
    batch = await source.fetch(DAY)
    assert len(batch.papers) == 60
    assert batch.papers[0].links == (("Hugging Face", f"{fake.url}/papers/2603.00000"),)
    (seen,) = fake.requests
    assert (seen.path, seen.query) == (PATH, {"date": "2026-03-02", "limit": "100"})


async def test_a_day_without_papers_is_an_answer(source: HuggingFace) -> None:
    assert await source.fetch(DAY) == Batch(())


async def test_a_day_that_has_not_come_is_not_asked_for(source: HuggingFace, fake: FakeHuggingFace) -> None:
    assert await source.fetch(date(2026, 3, 3)) == Batch(())  # the clock stands on 2 March
    assert fake.requests == []


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("status", "{host} answered HTTP 500"),
        ("html", "{host} sent HTML where JSON was expected"),
        ("truncated", "{host} sent JSON that breaks off"),
        ("broken", "{host} broke its answer off, or does not speak HTTP"),
        ("drip", "{host} did not answer within 1 s"),
        ("slow_headers", "{host} did not answer within 1 s"),
        ("huge", "{host} sent more than 5 MB"),
        ("bomb", "{host} sent more than 5 MB"),
        ("reset", "{host} dropped the connection"),
    ],
)
async def test_each_fault_has_its_sentence(
    source: HuggingFace, fake: FakeHuggingFace, what: Misbehaviour, sentence: str
) -> None:
    fake.next(what, times=3)
    with pytest.raises(SourceError) as caught:
        await source.fetch(DAY)
    assert str(caught.value) == sentence.format(host=fake.host)


async def test_a_wait_asked_for_is_handed_on(source: HuggingFace, fake: FakeHuggingFace) -> None:
    fake.next(status=429, retry_after=30)
    with pytest.raises(SourceError) as caught:
        await source.fetch(DAY)
    assert caught.value.retry_after == 30


# --- one paper by its id ---------------------------------------------------------------------------------------


async def test_a_paper_is_found_by_its_id(fake: FakeHuggingFace, source: HuggingFace) -> None:
    fake.days["2025-01-03"] = [daily_item(), daily_item(id="2501.01235", title="Another")]
    found = await source.find("arxiv:2501.01235")
    assert found
    assert (found.title, found.arxiv_id, found.upvotes) == ("Another", "2501.01235", 7)
    assert found.abstract.startswith("We study models that ask back.")
    assert fake.requests[-1].path == "/api/papers/2501.01235"


@pytest.mark.parametrize("key", ["arxiv:2501.99999", "doi:10.1000/x", "url:abc", "title:abc"])
async def test_a_paper_that_it_does_not_have_is_none(fake: FakeHuggingFace, source: HuggingFace, key: str) -> None:
    assert await source.find(key) is None
    assert len(fake.requests) == key.startswith("arxiv")


@pytest.mark.parametrize("what", ["status", "html", "truncated", "broken", "reset", "huge"])
async def test_finding_fails_with_a_sentence(fake: FakeHuggingFace, source: HuggingFace, what: Misbehaviour) -> None:
    fake.days["2025-01-03"] = [daily_item()]
    fake.next(what, times=5)
    with pytest.raises(SourceError):
        await source.find("arxiv:2501.01234")


@pytest.mark.parametrize("answer", [[], "text", {}, {"id": "2501.09999", "title": "Another"}, {"id": "2501.01234"}])
def test_what_is_not_the_paper_is_refused(answer: object) -> None:
    with pytest.raises(SourceError, match="something else than the paper"):
        parse_paper(answer, "2501.01234")
