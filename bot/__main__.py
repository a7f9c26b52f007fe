"""The command line. Reads arguments, prints; what it does is in serve.py and operate.py."""

import asyncio
import json
import logging
import shutil
import signal
import sys
import tempfile
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.errors import PortError, StartError
from bot.status import VERSION

if TYPE_CHECKING:
    from bot.model import Settings

DEMO_DATABASE = "paperclub-demo.db"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The configuration; ./config.toml when there is one, else the defaults.",
)
@click.option("-v", "--verbose", is_flag=True, help="Say more in the log.")
@click.version_option(VERSION, prog_name="paperclub")
@click.pass_context
def cli(context: click.Context, config: Path | None, verbose: bool) -> None:
    """Paperclub brings a reading group its day's papers, and lets it vote for and claim them."""
    here = Path("config.toml")
    context.obj = config or (here if here.exists() else None)
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        datefmt="%Y-%m-%d %H:%M:%S",
        stream=sys.stderr,
    )
    for chatty in ("apscheduler", "aiohttp.access", "httpx", "httpcore", "asyncio", "discord"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


@cli.command()
@click.pass_obj
def run(config: Path | None) -> None:
    """Run it: the surfaces, the posts, everything. Ctrl-C or SIGTERM stops it within ten seconds."""
    _serve(_load(config))


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Another port than 8321.")
def demo(port: int | None) -> None:
    """Try it with the built-in sample: no token, no key, no network. Writes ./paperclub-demo.db only."""
    from dataclasses import replace

    from bot.operate import with_demo_week

    logging.basicConfig(level=logging.INFO, format="%(message)s", force=True)
    for chatty in ("bot.day.collect", "bot.outbox"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    settings = _load(None)
    web = settings.web if port is None else replace(settings.web, port=port)
    settings = replace(settings, database=DEMO_DATABASE, web=web)
    _serve(asyncio.run(with_demo_week(settings, datetime.now(UTC))), surfaces=("web",))


@cli.command()
@click.pass_obj
def check(config: Path | None) -> None:
    """Look at every part: a line each, what is well and what to set. Exits with 1 when something is not well."""
    from bot.operate import check as parts

    async def look() -> bool:
        well = True
        async for ok, line in parts(_load(config)):
            click.echo(f"{'ok   ' if ok else 'WRONG'} {line}")
            well = well and ok
        return well

    if not asyncio.run(look()):
        sys.exit(1)


def _read_day(_: click.Context, __: click.Parameter, typed: str | None) -> date | None:
    if typed is None:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise click.BadParameter(f"{typed} is not a date; write it as 2026-01-31") from None
    if day > datetime.now(UTC).date():
        raise click.BadParameter(f"{day} has not come yet; leave --date out for the next post")
    return day


@cli.command()
@click.option("--date", "day", callback=_read_day, help="An announcement day, as 2026-01-31.")
@click.option("--dry-run", is_flag=True, help="Only print the next post, as members would see it.")
@click.option("--group", "group_id", default=None, help="Only this group.")
@click.pass_obj
def today(config: Path | None, day: date | None, dry_run: bool, group_id: str | None) -> None:
    """Post what is due (or the papers of --date), once; print it. Exits with 1 when a source could not be read."""
    from adapters.chat.terminal import render
    from bot.operate import next_post, post_and_show

    settings = _load(config)
    if dry_run:
        with tempfile.TemporaryDirectory() as folder:
            shown = asyncio.run(next_post(settings, group_id, day, Path(folder)))
    else:
        shown = asyncio.run(post_and_show(settings, group_id, day))
    for card in shown.cards:
        click.echo(render(card, _width(), colour=_is_colourful()))
    if shown.missing:
        sys.exit(1)


@cli.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--group", "group_id", default=None, help="The group to search; may be left out when there is one.")
@click.pass_obj
def search(config: Path | None, words: tuple[str, ...], group_id: str | None) -> None:
    """Search the papers on a group's lists. Works beside a running Paperclub."""
    from adapters.chat.terminal import render, render_text
    from bot.operate import ask

    settings = _load(config)
    reply = asyncio.run(ask(settings, group_id, "search", {"query": " ".join(words)}))
    click.echo(render_text(reply.text))
    for card in reply.cards:
        click.echo(render(card, _width(), colour=_is_colourful()))
    if not reply.ok:
        sys.exit(1)


@cli.command()
@click.option("--group", "group_id", default=None, help="Only this group.")
@click.option("--output", default="-", help="The file to write; - or nothing for the standard output.")
@click.option("--force", is_flag=True, help="Replace the file when there is one.")
@click.pass_obj
def export(config: Path | None, group_id: str | None, output: str, force: bool) -> None:
    """Write all that the groups did as JSON: papers, votes, picks, sessions; no account and no secret. Works beside a
    running Paperclub."""
    from bot.operate import export as collect

    if output != "-" and Path(output).exists() and not force:
        raise StartError(f"{output} is there already; --force replaces it")
    settings = _load(config)
    if _is_same_file(output, settings.database):
        raise StartError(f"{output} is the database itself; write to another file")
    text = json.dumps(asyncio.run(collect(settings, group_id)), ensure_ascii=False, indent=1) + "\n"
    if output == "-":
        click.echo(text.encode(), nl=False)
    else:
        _write(Path(output), text)


def _is_same_file(one: str, other: str) -> bool:
    return Path(one).exists() and Path(other).exists() and Path(one).samefile(other)


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and readable by its owner only."""
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
            whole = Path(folder) / path.name
            whole.touch(0o600)
            whole.write_text(text, encoding="utf-8")
            whole.replace(path)
    except OSError as error:
        raise StartError(f"{path} can't be written: {error.strerror}") from None


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def recount(file: Path) -> None:
    """Count every pick of an exported FILE again. Needs no database. Exits with 1 when a pick is not as published."""
    from adapters.chat.terminal import render_text
    from bot.voting.recount import recount as count_again
    from bot.wording import plural

    try:
        counted = count_again(_read_json(file))
    except ValueError as error:
        raise StartError(f"{file}: {error}") from None
    several = len({one.group for one in counted}) > 1
    for one in counted:
        click.echo(render_text(f"{one.group}  {one}" if several else str(one)))
    different = sum(not one.is_same for one in counted)
    click.echo(f"{plural(len(counted), 'meeting')} with a pick, {different} not as published.")
    if different:
        sys.exit(1)


def _read_json(file: Path) -> object:
    try:
        return json.loads(file.read_bytes())
    except OSError as error:
        raise StartError(f"{file} can't be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise StartError(f"{file} is no JSON") from None


@cli.command()
@click.argument("surface", type=click.Choice(["discord"]))
@click.option("--application-id", type=click.IntRange(1), default=None, help="When DISCORD_TOKEN is not set.")
def manifest(surface: str, application_id: int | None) -> None:
    """Print the link that invites the bot, and the permissions that it asks for, each with its reason."""
    from adapters.chat.discord.manifest import application_of, invite
    from bot.config import read_secret

    application = application_id or application_of(read_secret("DISCORD_TOKEN"))
    if not application:
        raise StartError(
            "DISCORD_TOKEN is not set or is no bot's token; set it, or give --application-id. Both are at "
            "discord.com/developers/applications: the id under General Information, the token under Bot → Reset Token"
        )
    asked = invite(application)
    width = max(len(permission.name) for permission in asked.permissions)
    click.echo(f"Open this link, choose your server and agree:\n\n  {asked.url}\n\nIt asks for")
    for permission in asked.permissions:
        may_be_refused = "" if permission.needed else " (may be refused)"
        click.echo(f"  {permission.name:{width}}  {permission.reason}{may_be_refused}")
    click.echo("\nNo privileged intent is needed; leave those three switches under Bot off.")


def _load(config: Path | None) -> "Settings":
    from bot.config import load

    return load(config)


def _serve(settings: "Settings", surfaces: Collection[str] | None = None) -> None:
    asyncio.run(_run_until_told(settings, surfaces))


async def _run_until_told(settings: "Settings", surfaces: Collection[str] | None) -> None:
    from bot.compose import opened
    from bot.serve import offer_codes, serve

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with opened(settings, surfaces=surfaces) as club:

        async def greet() -> None:
            for group, code in (await offer_codes(club)).items():
                if settings.web.allowed_hosts:
                    click.echo(f"To choose a name in {group}, type there: /paper join NAME code:{code}")
                click.echo(f"To moderate {group}, type there once: /paper moderate {code}")

        await serve(club, stop, greet)


def _width() -> int:
    return min(shutil.get_terminal_size((80, 24)).columns, 100)


def _is_colourful() -> bool:
    return sys.stdout.isatty()


def main() -> None:
    """Exit codes: 0; 1 when something outside failed; 2 for a fault that waiting can't mend."""
    try:
        cli.main(standalone_mode=False)
    except StartError as error:
        _leave(str(error), 2)
    except PortError as error:
        _leave(str(error), 1)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)


def _leave(text: str, code: int) -> None:
    click.echo(f"paperclub: {text}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
