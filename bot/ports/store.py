"""The seam of the memory: it runs functions of rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, Generic, ParamSpec, Protocol, TypeVar

from bot.errors import Refused
from bot.model import Act
from bot.ports.rows import Reads, Rows

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Action(Generic[P, T]):
    """What somebody does to a group: one plain function of rows, whose transaction it is. `answer` says how things
    stand afterwards, for a request that is delivered again."""

    run: Callable[Concatenate[Rows, Act, P], T]
    answer: Callable[..., T]

    def __call__(self, rows: Rows, act: Act, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.run(rows, act, *args, **kwargs)


def answered_by(
    answer: Callable[..., T],
) -> Callable[[Callable[Concatenate[Rows, Act, P], T]], Action[P, T]]:
    """`answer` takes what the action takes."""
    return lambda run: Action(run, answer)


def answered_with(value: T) -> Callable[[Callable[Concatenate[Rows, Act, P], T]], Action[P, T]]:
    """The same answer to every request that comes again: what it did tells nothing that could change."""

    def repeat(run: Callable[Concatenate[Rows, Act, P], T]) -> Action[P, T]:
        def answer(rows: Rows, act: Act, /, *args: P.args, **kwargs: P.kwargs) -> T:
            return value

        return Action(run, answer)

    return repeat


def perform(rows: Rows, action: Action[P, T], act: Act, *args: P.args, **kwargs: P.kwargs) -> T:
    """An action with what all have in common. Whatever it changes may bring the clock's work for the group forward.
    Raises Refused, which leaves nothing behind."""
    if not rows.requests.remember(act):
        return action.answer(rows, act, *args, **kwargs)
    if not rows.people.is_member(act.group, act.member):
        raise Refused("stranger")
    done = action.run(rows, act, *args, **kwargs)
    rows.looks.hasten(act.group, act.at)
    return done


class Store(Protocol):
    """The group's memory: runs functions, each as one transaction. It happened when the call returns, and did not when
    it raises what the function raised, or StoreError when the database fails. A function may be run again; it waits
    for nothing, and nothing lazy leaves it."""

    async def act(self, action: Action[P, T], act: Act, *args: P.args, **kwargs: P.kwargs) -> T:
        """An action of a member. The same request again changes nothing and is answered with things as they are."""
        return await self.write(lambda rows: perform(rows, action, act, *args, **kwargs))

    async def write(self, fn: Callable[Concatenate[Rows, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the program does by itself."""
        ...

    async def read(self, fn: Callable[Concatenate[Reads, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """All of it sees one state, which holds every commit that its caller was told of."""
        ...

    async def peek(self, fn: Callable[Concatenate[Reads, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for one question about the few rows of a key, answered at once and in the caller's own thread."""
        ...

    @property
    def commits(self) -> int:
        """How many commits there were in this process."""
        ...

    async def wait_for_commit(self, after: int) -> None:
        """Returns once `commits` is greater than `after`; read `commits` first, then the data, then wait."""
        ...

    async def look(self) -> None:
        """Raises StoreLost unless what is open is still the configured database. Reads and writes nothing."""
        ...

    async def ping(self) -> None:
        """Raises StoreError unless the database reads and writes."""
        ...

    async def close(self) -> None: ...
