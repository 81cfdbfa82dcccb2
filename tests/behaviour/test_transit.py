"""Transit: modes move away from enforcement; papers open the road; people turn round in 2025."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.world import MODES

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]
HARD = {"effort": [("2022-03", 0.9), ("2022-09", 0.0)]}


def test_modes_shift_away_from_where_enforcement_is_and_back(world):
    hard = world.play("2022-03", "2023-03", sky=HARD)
    calm = world.play("2022-03", "2023-03")
    weight = world.p["mode_weight"] / world.p["mode_weight"].sum(0)
    risk = world.p["mode_exposure"] / (weight * world.p["mode_exposure"]).sum(0)

    def exposed(played, month):
        return (played.signal("mode_share", month) * risk).sum(0)

    assert (exposed(hard, "2022-08") < exposed(calm, "2022-08")).all()
    np.testing.assert_allclose(exposed(hard, "2023-02"), exposed(calm, "2023-02"), rtol=0.05)
    foot = [p.signal("mode_share", "2022-08")[MODES.index("foot")] for p in (hard, calm)]
    assert np.mean(foot[0] > foot[1]) >= 0.75  # priors let some draws find footpaths watched


def test_stopped_trains_empty_the_trains_and_slow_the_way(world):
    stopped = world.play(
        "2023-08",
        "2023-12",
        levers={"mx.trains_stopped": [("2023-09", "2023-12", 1.0)]},
        else_zero=True,
    )
    running = world.play("2023-08", "2023-12", levers={"mx.trains_stopped": []}, else_zero=True)
    train = [p.signal("mode_share", "2023-11")[MODES.index("train")] for p in (stopped, running)]
    assert (train[0] < 0.7 * train[1]).all()
    before = [p.signal("mode_share", "2023-08") for p in (stopped, running)]
    np.testing.assert_array_equal(*before)


def test_cards_let_people_take_the_bus(world):
    freely = {"mx.humanitarian_cards": [("2023-03", "2023-10", 1.0)]}
    given = world.play("2023-03", "2023-10", levers=freely, else_zero=True)
    none = world.play("2023-03", "2023-10", levers={"mx.humanitarian_cards": []}, else_zero=True)
    bus = [p.signal("mode_share", "2023-09")[MODES.index("bus")] for p in (given, none)]
    assert (bus[0] > bus[1]).all()


def test_people_go_back_south_from_2025_on_and_not_before(world):
    played = world.play("2024-06", "2025-06")
    before = played.tally("southbound_home", "2024-06", "2024-12")
    after = played.tally("southbound_home", "2025-03", "2025-05")
    assert (before == 0).all()
    assert (after > 0).all()
    central = played.tally("southbound_home", "2025-03", "2025-05", nationality="HND")
    assert (central == 0).all()  # their home is not that way
    open_ = world.play("2024-06", "2025-06", {"us-proclamation-10888": "off"})
    assert (open_.tally("southbound_home", "2025-03", "2025-05") == 0).all()
