"""What a member reads when a rule says no."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.errors import Refused
from bot.languages import Reader
from bot.views.refusals import word_refusal


@contextmanager
def refused(sentence: str) -> Iterator[None]:
    """As a regular expression, found in it."""
    with pytest.raises(Refused) as found:
        yield
    assert re.search(sentence, word_refusal(found.value, Reader()))
