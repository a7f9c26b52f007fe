"""How the program looks from outside stays the same to the letter: what is said, shown and exported, replayed from the
scripts in tests/goldens. `pytest --renew-goldens` accepts a change that is wanted."""

from pathlib import Path

import pytest

from tests.golden import Goldens, laid_out, read
from tests.month import groups_of_a_month
from tests.playing import play
from tests.town_stage import TownStage


async def exported(stage: TownStage) -> str:
    return laid_out(await stage.exported()) + "\n"


@pytest.mark.timeout(60)
async def test_a_month_of_five_groups(tmp_path: Path, goldens: Goldens) -> None:
    async with groups_of_a_month(tmp_path) as stage:
        goldens.hold("month.txt", await play(read("month.txt"), stage))
        goldens.hold("month.export.json.gz", await exported(stage))


async def test_what_is_refused_and_what_is_said_then(tmp_path: Path, goldens: Goldens) -> None:
    async with groups_of_a_month(tmp_path) as stage:
        stage.hears_channels = False
        goldens.hold("refusals.txt", await play(read("refusals.txt"), stage))
