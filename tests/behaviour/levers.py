"""Plays with levers set by hand, whatever documents say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

Settings = Mapping[str, list[tuple[str, str, float]]]


def play_with(world, since: str, until: str, levers: Settings, **more):
    """`world.play` with each lever at zero from the fork on but for [(from, until, value)], for all.

    The base of the fork is the same as ever, so two such plays part on the first day of `since`.
    """
    law = dict(world.base.law)
    for name, settings in levers.items():
        value = np.array(law[name], np.float32)
        value[world.day(since) :] = 0.0
        for first, end, level in settings:
            value[world.day(first) : world.day(end)] = level
        law[name] = value
    given = replace(world.base, law=law)
    usual = world.forcing
    world.forcing = lambda *_: given
    try:
        return world.play(since, until, {"levers": "by hand"}, **more)
    finally:
        world.forcing = usual
