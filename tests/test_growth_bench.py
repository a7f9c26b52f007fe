"""Every verb of the rows has its place in the bench of growth, and what that asks is answered in a small group."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench import growth
from bench.calls import ACTIONS, CALLS, READS
from bench.grown import sized


def test_every_verb_has_its_line() -> None:
    verbs = set(growth.verbs())
    assert len(verbs) > 80
    assert sorted(verbs - CALLS.keys()) == [], "verbs without a line in bench.calls"
    assert sorted(CALLS.keys() - verbs) == [], "lines of verbs that are no more"
    names = {*verbs, *READS, *ACTIONS, *(name for name, _ in growth.asked())}
    assert sorted(growth.EXEMPT.keys() - names) == [], "reasons of what is not timed"


def test_all_that_is_timed_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = [sized("1k", 200), replace(sized("few", 77, library=150), members=30), sized("x", 60)]
    monkeypatch.setattr(growth, "SIZES", sizes)
    monkeypatch.setattr(growth, "ROUNDS", 2)
    monkeypatch.setattr(growth, "MEMORY", tmp_path)
    growth.main()
    assert "Something went wrong" not in capsys.readouterr().out
