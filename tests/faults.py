"""Stopping a writer of files at any step, to see what is left."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import IOBase
from pathlib import Path
from typing import Any

import pytest

STEPS = ((os, "fsync"), (os, "link"), (os, "rename"), (Path, "open"), (Path, "unlink"))
"""What a writer does to the filesystem; each can be the last thing it does."""


class Killed(BaseException):
    """The process is gone: nothing it would do after this is done."""


class Steps:
    """Counts the steps that are taken; ``hook`` is called before and after each with its number.

    Before the step ``n`` its number is ``2 * n``, after it ``2 * n + 1``.
    """

    def __init__(self, hook: Callable[[int], None]) -> None:
        self.hook = hook
        self.taken = 0
        self.inside = False

    def wrap(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``real`` with the hook around it; steps of the hook itself do not count."""

        def step(*args: Any, **options: Any) -> Any:
            if self.inside:
                return real(*args, **options)
            number = self.taken
            self.taken += 1
            self._call(2 * number)
            result = real(*args, **options)
            try:
                self._call(2 * number + 1)
            except BaseException:
                if isinstance(result, IOBase):
                    result.close()
                raise
            return result

        return step

    def _call(self, moment: int) -> None:
        self.inside = True
        try:
            self.hook(moment)
        finally:
            self.inside = False


@contextmanager
def watched(hook: Callable[[int], None]) -> Iterator[Steps]:
    """Call ``hook`` around every step that is taken inside."""
    steps = Steps(hook)
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, steps.wrap(getattr(owner, name)))
        yield steps


@contextmanager
def stopped_at(moment: int, error: Callable[[], BaseException] = Killed) -> Iterator[Steps]:
    """Raise at a moment and, when that is a kill, at every one after it."""

    def hook(now: int) -> None:
        if now == moment or (error is Killed and now > moment):
            raise error()

    with watched(hook) as steps:
        yield steps


@contextmanager
def meanwhile(moment: int, action: Callable[[], None]) -> Iterator[Steps]:
    """Do something else at a moment, once."""

    def hook(now: int) -> None:
        if now == moment:
            action()

    with watched(hook) as steps:
        yield steps
