"""Plays with some levers set by hand for some days; the law as written speaks for all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

Settings = Mapping[str, list[tuple[str, str, object]]]


def play_set(world, since: str, until: str, levers: Settings, **more):
    """`world.play` where each lever has the values of [(from, until, value)], broadcast to its dims."""
    law = dict(world.base.law)
    for name, settings in levers.items():
        value = np.array(law[name], np.float32)
        for first, end, level in settings:
            value[world.day(first) : world.day(end)] = level
        law[name] = value
    given, usual = replace(world.base, law=law), world.forcing
    world.forcing = lambda *_: given
    try:
        return world.play(since, until, {"levers": "by hand"}, **more)
    finally:
        world.forcing = usual
