"""The command line as an operator uses it, in processes of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forks import ROOT, ended
from tests.process import Running
from tests.test_recount import HELD, exported, pick_of

ANY_PORT = {"PAPERCLUB_WEB__PORT": "0"}  # something may run on the usual one
SDKS = ("discord", "slack_bolt", "slack_sdk", "openai")


def paperclub(folder: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = ended("bot", *arguments, folder=folder, COLUMNS="100", **ANY_PORT)
    assert done.returncode == code, done.stderr
    return done


def imported(folder: Path, *arguments: str) -> set[str]:
    """Top-level packages that a run imports; it begins with none."""
    script = (
        "import sys, runpy\n"
        f"sys.argv = ['paperclub', *{arguments!r}]\n"
        "try:\n    runpy.run_module('bot', run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        "print('IMPORTED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, **ANY_PORT, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("IMPORTED"))
    return set(line.split()[1:])


def test_help_imports_next_to_nothing(tmp_path: Path) -> None:
    assert not imported(tmp_path, "--help") & {*SDKS, "httpx", "aiohttp", "sqlite_utils", "pydantic", "apscheduler"}


MANIFEST = ("manifest", "discord", "--application-id", "1")


@pytest.mark.parametrize("arguments", [("check",), ("today", "--dry-run"), ("search", "diffusion"), MANIFEST])
def test_without_discord_slack_or_a_model_their_sdks_stay_unimported(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert not imported(tmp_path, *arguments) & {*SDKS, "apscheduler"}


async def test_a_run_for_the_web_alone_imports_nobody_elses_sdk(tmp_path: Path) -> None:
    running = await Running.start_anew(tmp_path, "run", PYTHONPROFILEIMPORTTIME="1")
    await running.kill()
    loaded = set(re.findall(r"^import time:.*\| +(\w+)$", running.log.read_text(), re.MULTILINE))
    assert {"bot", "aiohttp"} <= loaded
    assert not loaded & set(SDKS)


def test_check_says_a_line_for_each_part_and_writes_nothing(tmp_path: Path) -> None:
    lines = paperclub(tmp_path, "check").stdout.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    assert any("database paperclub.db: will be made at the first start" in line for line in lines)
    assert list(tmp_path.iterdir()) == []


def test_check_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[sources.huggingface]\nbase_url = "http://127.0.0.1:9"\n'
        '[[groups]]\nid = "a"\nchannels = ["slack:1/2", "discord:1/2"]\n'
    )
    done = paperclub(tmp_path, "check", code=1)
    assert "WRONG surface slack: not in this version; its channels stay silent" in done.stdout
    assert "WRONG surface discord: Discord needs DISCORD_TOKEN" in done.stdout
    assert "WRONG source huggingface: 127.0.0.1" in done.stdout


def test_a_faulty_configuration_ends_with_its_faults_and_2(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[web]\nprot = 1\n")
    done = paperclub(tmp_path, "run", code=2)
    assert done.stderr == "paperclub: config.toml has faults:\n  web.prot is not a setting; did you mean port?\n"


def test_dry_run_prints_the_next_post_and_writes_nothing(tmp_path: Path) -> None:
    out = paperclub(tmp_path, "today", "--dry-run").stdout
    assert out.startswith("Papers for ")
    assert "1. " in out
    assert "(from our description)" in out
    assert "\x1b" not in out
    assert list(tmp_path.iterdir()) == []


def test_today_posts_once_and_search_finds_it(tmp_path: Path) -> None:
    first = paperclub(tmp_path, "today").stdout
    assert paperclub(tmp_path, "today").stdout == first
    found = paperclub(tmp_path, "search", "diffusion").stdout
    assert 'for "diffusion"' in found
    nothing = paperclub(tmp_path, "search", "zebra").stdout
    assert "Nothing on this group's lists" in nothing


def test_an_unknown_group_is_named(tmp_path: Path) -> None:
    done = paperclub(tmp_path, "today", "--group", "nobody", code=2)
    assert done.stderr == 'paperclub: there is no group "nobody"; there are reading-group\n'


def test_what_was_exported_is_there_once_and_recounts(tmp_path: Path) -> None:
    missing = paperclub(tmp_path, "export", code=2)
    assert missing.stderr.startswith("paperclub: there is no database paperclub.db yet")
    paperclub(tmp_path, "today")
    out = paperclub(tmp_path, "export").stdout
    assert [group["id"] for group in json.loads(out)["groups"]] == ["reading-group"]
    paperclub(tmp_path, "export", "--output", "club.json")
    file = tmp_path / "club.json"
    assert without_time(file.read_text("utf-8")) == without_time(out)
    assert file.stat().st_mode & 0o777 == 0o600
    refused = paperclub(tmp_path, "export", "--output", "club.json", code=2)
    assert refused.stderr == "paperclub: club.json is there already; --force replaces it\n"
    file.write_text("old")
    paperclub(tmp_path, "export", "--output", "club.json", "--force", "--group", "reading-group")
    assert paperclub(tmp_path, "recount", "club.json").stdout == "0 meetings with a pick, 0 not as published.\n"
    assert {path.name for path in tmp_path.iterdir() if not path.name.startswith("paperclub.db")} == {"club.json"}


def test_an_export_does_not_replace_the_database(tmp_path: Path) -> None:
    paperclub(tmp_path, "today")
    (tmp_path / "link.json").symlink_to("paperclub.db")
    done = paperclub(tmp_path, "export", "--output", "link.json", "--force", code=2)
    assert done.stderr == "paperclub: link.json is the database itself; write to another file\n"


def test_check_says_where_a_removed_database_was_saved(tmp_path: Path) -> None:
    (tmp_path / "paperclub.db.rescued").write_text("votes")
    last = paperclub(tmp_path, "check", code=1).stdout.splitlines()[-1]
    assert last.startswith("WRONG database paperclub.db is missing, and ")
    assert not (tmp_path / "paperclub.db").exists()


def without_time(text: str) -> dict[str, object]:
    data: dict[str, object] = json.loads(text)
    assert data.pop("written_at")
    return data


def test_an_export_leads_to_a_place_that_is_there(tmp_path: Path) -> None:
    paperclub(tmp_path, "today")
    done = paperclub(tmp_path, "export", "--output", "nowhere/club.json", code=2)
    assert done.stderr == "paperclub: nowhere/club.json can't be written: No such file or directory\n"
    unknown = paperclub(tmp_path, "export", "--group", "nobody", code=2)
    assert unknown.stderr == 'paperclub: there is no group "nobody"; there are reading-group\n'


def test_a_recount_needs_nothing_but_the_file_and_tells_by_its_code(tmp_path: Path) -> None:
    file, data = tmp_path / "club.json", exported(HELD)
    file.write_text(json.dumps(data))
    done = paperclub(tmp_path, "recount", "club.json")
    assert done.stdout.splitlines() == [
        "2026-11-26  “A”  votes: same, 6 votes as in the log",
        "1 meeting with a pick, 0 not as published.",
    ]
    pick_of(data)["receipt"]["winner"] = 2
    file.write_text(json.dumps(data))
    assert "“C”  votes: DIFFERS: the votes give “A”, published is “C”" in (
        paperclub(tmp_path, "recount", "club.json", code=1).stdout
    )
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (None, "club.json can't be read: No such file or directory"),
        ("", "club.json is no JSON"),
        ("{}", "club.json: it is no export of Paperclub"),
        ("\xff", "club.json is no JSON"),
    ],
)
def test_a_recount_of_what_is_no_export_ends_with_2(tmp_path: Path, text: str | None, fault: str) -> None:
    if text is not None:
        (tmp_path / "club.json").write_text(text, encoding="latin-1")
    done = paperclub(tmp_path, "recount", "club.json", code=2)
    assert done.stderr == f"paperclub: {fault}\n"


def test_a_recount_imports_no_surface_and_no_database(tmp_path: Path) -> None:
    (tmp_path / "club.json").write_text(json.dumps(exported(HELD)))
    assert not imported(tmp_path, "recount", "club.json") & {*SDKS, "aiohttp", "httpx", "sqlite3", "apscheduler"}


def test_the_manifest_has_the_link_and_a_reason_for_each_permission(tmp_path: Path) -> None:
    out = paperclub(tmp_path, "manifest", "discord", "--application-id", "123456789012345678").stdout
    assert "client_id=123456789012345678&permissions=2269701237468224&scope=bot+applications.commands" in out
    assert "Send Messages             to post the day's papers" in out
    refused = paperclub(tmp_path, "manifest", "discord", code=2)
    assert refused.stderr.startswith("paperclub: DISCORD_TOKEN is not set or is no bot's token; set it, or")
