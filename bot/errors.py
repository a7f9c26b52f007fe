"""What can go wrong, by who reads the text. Knows no part of the program.

Refused                  nobody: a rule of the group said no; `views.refusals` words it for who asked
UserError                the member who asked: says what to do, nothing was changed
StartError               the operator at start: one sentence, exit code 2
PortError                the log and `status`: an outside system did not do its part
  SourceError            a source of papers
  SummaryError           a summarizer
  DeliveryError          a surface: a message was not posted or edited
  StoreError             the database
    StoreLost            what is open is not the configured database any more
"""


class Refused(Exception):
    """What a member may not, or can not. `reason` names the rule, `facts` are what its wording needs; nothing was
    changed."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


class UserError(Exception):
    """Shown to the member who asked, in their language: a sentence as `bot.languages.say` takes it, with its values."""

    def __init__(self, sentence: str, /, **values: object) -> None:
        super().__init__(sentence.format_map(values) if values else sentence)
        self.sentence = sentence
        self.values = values


class StartError(Exception):
    """A fault that waiting can't mend. Its text is one sentence that says what to set."""


class PortError(Exception):
    """An outside system failed; the text names it and says how."""


class SourceError(PortError):
    """`retry_after` is in seconds, when the source asked for it. `is_down`: it did not answer at all, so that asking
    for another day now would only take time."""

    def __init__(self, text: str, retry_after: float | None = None, *, is_down: bool = False) -> None:
        super().__init__(text)
        self.retry_after = retry_after
        self.is_down = is_down


class SummaryError(PortError):
    pass


class DeliveryError(PortError):
    """A message did not arrive.

    `retry_after`: seconds the platform asked us to wait. `gone`: the message that we wanted to edit is no longer
    there. `hopeless`: trying again can't help. `closed`: the whole place takes nothing until somebody opens it (no
    permission, channel gone).
    """

    def __init__(
        self,
        text: str,
        *,
        retry_after: float | None = None,
        gone: bool = False,
        hopeless: bool = False,
        closed: bool = False,
    ) -> None:
        super().__init__(text)
        self.retry_after = retry_after
        self.gone = gone
        self.hopeless = hopeless
        self.closed = closed


class StoreError(PortError):
    pass


class StoreLost(StoreError):
    """Somebody removed, moved or replaced the file. The store has told the log, once. `replaced`: what is open won't
    be the right one again, so that only another start helps."""

    def __init__(self, text: str, *, replaced: bool = False) -> None:
        super().__init__(text)
        self.replaced = replaced
