"""The configuration: defaults, environment, and faults that are all named at once."""

from datetime import time
from pathlib import Path

import pytest

from bot.config import load, read_secret, validate
from bot.errors import StartError
from bot.groups import with_default_group

ROOT = Path(__file__).parents[1]


def faults(data: dict[str, object]) -> list[str]:
    with pytest.raises(StartError) as error:
        validate(data, "config.toml")
    return [line.strip() for line in str(error.value).splitlines()[1:]]


def week(**settings: object) -> dict[str, object]:
    """A configuration with this week."""
    return {"groups": [{"id": "a", "week": settings}]}


def test_a_short_list_that_no_ballot_needs_may_stand_anywhere() -> None:
    group = validate(week(timeline={"ballot": "5 days"}), "config.toml").groups[0]
    assert group.week.timeline.ballot == "5 days"


def test_without_a_file_everything_has_a_default() -> None:
    settings = load(None, {})
    assert (settings.web.host, settings.web.port, settings.database) == ("127.0.0.1", 8321, "paperclub.db")
    group = with_default_group(settings.groups)[0]
    assert (group.id, group.channels) == ("reading-group", ("web:reading-group",))


def test_the_example_holds_every_setting_and_its_default() -> None:
    example = load(ROOT / "config.example.toml", {})
    assert example.web == load(None, {}).web
    assert example.discord == load(None, {}).discord
    assert with_default_group(example.groups) == with_default_group(())


def test_a_commented_example_is_valid_too(tmp_path: Path) -> None:
    text = (ROOT / "config.example.toml").read_text()
    lines = [line.removeprefix("# ") if " = " in line or line.startswith("# [") else line for line in text.splitlines()]
    path = tmp_path / "config.toml"
    path.write_text("\n".join(lines))
    settings = load(path, {})
    assert settings.sources.huggingface is not None
    assert settings.sources.huggingface.settles == time(8)
    assert settings.groups[0].week.timeline.ballot == "4 days"


def test_the_environment_wins() -> None:
    settings = load(
        None,
        {
            "PAPERCLUB_WEB__PORT": "8080",
            "PAPERCLUB_WEB__ALLOWED_HOSTS": "a.example,b.example",
            "PAPERCLUB_DATABASE": "/data/club.db",
            "PAPERCLUB_PORT": "tcp://10.0.0.1:8321",  # some platforms make these up; it is none of ours
            "HOME": "/",
        },
    )
    assert (settings.web.port, settings.database) == (8080, "/data/club.db")
    assert settings.web.allowed_hosts == ("a.example", "b.example")


def test_every_fault_is_named_at_once_with_its_place() -> None:
    found = faults(
        {
            "databse": "x.db",
            "web": {"port": "many"},
            "groups": [
                {"id": "a", "timezone": "Europe/Berln"},
                {"id": "b", "day": {"on": "monday"}},
                {"id": "c", "day": {"post_at": "25:00", "crads": 3}},
                {"id": "d", "day": {"cards": 0}},
            ],
        }
    )
    assert "databse is not a setting; did you mean database?" in found
    assert 'groups[0].timezone: "Europe/Berln" is not known, did you mean "Europe/Berlin"?' in found
    assert 'groups[1].day.on: "monday" is not a list of weekdays; write "mon-fri", "tue, thu" or "daily"' in found
    assert "groups[2].day.crads is not a setting; did you mean cards?" in found
    assert any(line.startswith("groups[2].day.post_at: ") for line in found)
    assert "groups[3].day.cards must be 1 to 20" in found
    assert any(line.startswith("web.port: ") for line in found)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"web": {"host": "0.0.0.0"}}, "set allowed_hosts"),
        ({"web": {"proxies": ["proxy.example"]}}, '"proxy.example" is no address; write one, or a network'),
        ({"groups": [{"id": "no spaces"}]}, "may hold only"),
        ({"groups": [{"id": "a", "channels": ["general"]}]}, 'leads nowhere; write "web:a"'),
        ({"groups": [{"id": "a", "channels": ["web:b"]}]}, 'leads nowhere; write "web:a"'),
        ({"groups": [{"id": "a", "channels": ["discord:club/papers"]}]}, "Developer Mode"),
        ({"groups": [{"id": "a", "channels": ["discord:12"]}]}, 'must be "discord:<server id>/<channel id>"'),
        ({"groups": [{"id": "a", "day": {"sources": "hf"}}]}, "write a list"),
        ({"discord": {"api_base": "discord.com"}}, "must begin with https:// or http://"),
        ({"discord": {"vote_emoji": " "}}, "discord.vote_emoji must be one emoji"),
        ({"groups": [{"id": "a b", "timezone": "Mars"}]}, 'groups[0].timezone: "Mars" is not known'),
        ({"sources": {"huggingface": {"base_url": "ftp://x"}}}, "must begin with https:// or http://"),
        (
            {"groups": [{"id": "a", "day": {"layout": "poster"}}]},
            'groups[0].day.layout: write "digest", "channel" or "thread"',
        ),
        (
            week(session="thursdays"),
            'groups[0].week.session: "thursdays" says no time to meet; write it like "thu 17:00"',
        ),
        (week(session="thu 25:00"), 'groups[0].week.session: "25:00" is no time of day'),
        (week(session="every 2 weeks thu 17:00"), "needs its first date, on one of its weekdays"),
        (week(session=17), 'groups[0].week.session: write a text in quotes: "thu 17:00"'),
        (week(sesion="thu 17:00"), "groups[0].week.sesion is not a setting; did you mean session?"),
        (week(mode="random"), 'groups[0].week.mode: write "vote" or "presenter"'),
        (week(hidden="maybe"), "groups[0].week.hidden: write true or false, without quotes"),
        (week(minutes=2), "groups[0].week.minutes must be 5 to 600"),
        (week(roles=["juggler"]), 'groups[0].week.roles: there is no role "juggler"'),
        (week(timeline={"ballot": "7 days"}), "groups[0].week.timeline.nominations must be a longer time before"),
        (week(timeline={"ballot": 4}), 'groups[0].week.timeline.ballot: write a text in quotes: "4 days"'),
        (week(timeline={"balot": "4 days"}), "groups[0].week.timeline.balot is not a setting; did you mean ballot?"),
        (
            week(rule="irv", timeline={"shortlist": "7 days"}),
            "groups[0].week.timeline.nominations must be a longer time before",
        ),
    ],
)
def test_a_fault_says_what_to_write_instead(data: dict[str, object], fault: str) -> None:
    assert any(fault in line for line in faults(data))


def test_two_groups_may_not_share_an_id() -> None:
    with pytest.raises(StartError, match='groups: two of them have the id "a"'):
        validate({"groups": [{"id": "a"}, {"id": "a"}]}, "config.toml")


@pytest.mark.parametrize(("text", "fault"), [("database = ", "not valid TOML"), (None, "does not exist; copy")])
def test_a_file_that_is_missing_or_broken_is_one_sentence(tmp_path: Path, text: str | None, fault: str) -> None:
    path = tmp_path / "config.toml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(StartError, match=fault):
        load(path, {})


def test_a_secret_like_value_is_not_printed_back() -> None:
    assert "hunter2" not in " ".join(faults({"web": {"port": "hunter2"}}))


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ('[[groups]]\nid = "a"\n[groups.day]\npost_at = "9am"', "groups[0].day.post_at: write a time in quotes"),
        ('[web]\nallowed_hosts = "papers.example.org"', "web.allowed_hosts: write a list"),
        ('[groups]\nid = "a"', "groups: write [[groups]], with two brackets"),
        (
            '[[groups]]\n[groups.day]\non = ["mon", "tue"]',
            'groups[0].day.on: write a text in quotes: "mon, tue"',
        ),
        ('[web]\nallowed_hosts = ["https://papers.example.org"]', 'write the name alone, as "papers.example.org"'),
        ("[sources.huggingface]\nsettles = 8", "sources.huggingface.settles must be a wall time"),
        ('[[groups]]\nid = "a"\nmoderators = ["Ada"]', 'groups[0].moderators: "Ada" is no account'),
        (
            '[[groups]]\nid = "a"\ntimezone = "CEST"',
            'groups[0].timezone: "CEST" is not known, write one like "Europe/Berlin"',
        ),
        (
            "[[groups]]\ntimezone = Europe/Berlin",
            "timezone = Europe/Berlin\n  Text needs straight quotes",
        ),
        ('web = "x"', "web: write a table: [web]"),
    ],
)
def test_the_mistakes_of_a_tired_volunteer_are_answered_with_what_to_write(
    tmp_path: Path, text: str, advice: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(StartError) as error:
        load(path, {})
    assert advice in str(error.value)


def test_a_file_in_another_encoding_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes('name = "Lesekreis für Köln"'.encode("latin-1"))
    with pytest.raises(StartError, match="save it as UTF-8"):
        load(path, {})


def test_two_groups_without_an_id_are_two_of_one() -> None:
    assert 'groups: two of them have the id "reading-group"' in faults({"groups": [{}, {"name": "Other"}]})


def test_a_list_in_the_environment_may_have_blanks() -> None:
    assert load(None, {"PAPERCLUB_WEB__ALLOWED_HOSTS": "a.example, b.example,"}).web.allowed_hosts == (
        "a.example",
        "b.example",
    )


def test_a_secret_is_in_the_environment_or_in_a_file_that_it_names(tmp_path: Path) -> None:
    kept = tmp_path / "token"
    kept.write_text("  from-file\n")
    assert read_secret("DISCORD_TOKEN", {}) == ""
    assert read_secret("DISCORD_TOKEN", {"DISCORD_TOKEN": " plain "}) == "plain"
    assert read_secret("DISCORD_TOKEN", {"DISCORD_TOKEN_FILE": str(kept)}) == "from-file"
    assert read_secret("DISCORD_TOKEN", {"DISCORD_TOKEN": "plain", "DISCORD_TOKEN_FILE": str(kept)}) == "plain"


def test_a_secret_that_cannot_be_read_is_one_sentence_without_it(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"DISCORD_TOKEN_FILE: .*/gone can't be read: No such file"):
        read_secret("DISCORD_TOKEN", {"DISCORD_TOKEN_FILE": str(tmp_path / "gone")})
    garbled = tmp_path / "garbled"
    garbled.write_bytes(b"\xff\xfehunter2")
    with pytest.raises(StartError, match="put nothing but the secret") as error:
        read_secret("DISCORD_TOKEN", {"DISCORD_TOKEN_FILE": str(garbled)})
    assert "hunter2" not in str(error.value)
