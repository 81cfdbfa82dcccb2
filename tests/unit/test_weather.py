"""Weather as a process: its two equations and its keyed innovations."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.weather import PROCESSES
from caudal.engine.weather import Path, Process, shocks

pytestmark = pytest.mark.unit


def test_a_step_is_the_two_equations():
    process = Process(sd=0.2, revert=0.1, learn=0.05)
    path = Path(np.array([1.0, -2.0]), np.array([0.0, 1.0])).step(
        process, 0.2, np.array([0.5, 0.0])
    )
    np.testing.assert_allclose(path.level, [1.0 - 0.1 + 0.1, -2.0 + 0.3])
    np.testing.assert_allclose(path.mean, [0.05 * 1.0, 1.0 + 0.05 * (-1.7 - 1.0)])


def test_a_shock_fades_in_part_and_the_rest_becomes_the_new_normal():
    process = Process(sd=0.2, revert=0.2, learn=0.05)
    path = Path(np.ones(1), np.zeros(1))
    for _ in range(400):
        path = path.step(process, 0.2, np.zeros(1))
    # l' = l + r(m − l), m' = m + k(l' − m): at rest both are k(1 − r) / (r + k(1 − r)) of the shock
    rest = 0.05 * 0.8 / (0.2 + 0.05 * 0.8)
    np.testing.assert_allclose([path.level[0], path.mean[0]], rest, rtol=1e-6)


def test_innovations_do_not_depend_on_the_order_of_members():
    process = Process(sd=0.2, common=0.3)
    one = shocks("departure", process, (22, 3), 7, 40, np.array([0, 5, 9]))
    two = shocks("departure", process, (22, 3), 7, 40, np.array([9, 0]))
    np.testing.assert_array_equal(one[..., [2, 0]], two)
    for other in (("unit", 7, 40), ("departure", 8, 40), ("departure", 7, 41)):
        name, seed, month = other
        assert not np.array_equal(
            one, shocks(name, process, (22, 3), seed, month, np.array([0, 5, 9]))
        )


def test_innovations_are_standard_and_share_what_is_common():
    """4,000 members, 4.5 standard errors: a few alarms in 100,000."""
    draws = shocks("x", Process(sd=1.0, common=0.25), (2,), 1, 3, np.arange(4000))
    error = 1 / np.sqrt(4000)
    assert np.abs(draws.mean(-1)).max() < 4.5 * error
    assert np.abs(draws.std(-1) - 1).max() < 4.5 * error / np.sqrt(2)
    assert abs(np.corrcoef(draws)[0, 1] - 0.25) < 4.5 * error
    scalar = shocks("x", Process(sd=1.0), (), 1, 3, np.arange(4000))
    assert scalar.shape == (4000,)
    assert abs(scalar.std() - 1) < 4.5 * error / np.sqrt(2)


def test_processes_of_the_corridor_move():
    for name, process in PROCESSES.items():
        assert process.sd > 0, name
        assert 0 <= process.revert < 1, name
        assert 0 <= process.common < 1, name
