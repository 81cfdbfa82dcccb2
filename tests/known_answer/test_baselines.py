"""Baselines against what theory says of them, and against a look into the future."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caudal.errors import CaudalError
from caudal.forecast import baselines_policy, baselines_pooled
from caudal.forecast.baselines import AWARE, NAMES, forecasts
from caudal.forecast.baselines_counts import Counts, gaussian
from caudal.forecast.baselines_series import ahead, ensemble, models
from caudal.forecast.baselines_walk import PLAIN, Walk

pytestmark = pytest.mark.known_answer

ORIGIN, NATIONS = 60, 4


def made(months: int = 80, seed: int = 0) -> Counts:
    """Random walks of the log: four nationalities, counted in full from month 27."""
    rng = np.random.default_rng(seed)
    full = np.exp(7 + rng.normal(0, 0.2, (months, NATIONS)).cumsum(0))
    part, total = 0.8 * full, full.sum(1)
    full[:27] = np.nan
    return Counts(total, full, part)


def test_the_walks_spread_grows_with_the_root_of_the_horizon():
    logs = made().until(ORIGIN).logs()
    mean, sd = PLAIN.ahead(logs, 12)
    np.testing.assert_allclose(mean, np.repeat(logs[:, -1:], 12, 1))
    np.testing.assert_allclose(sd, sd[:, :1] * np.sqrt(np.arange(1, 13)))
    draws = gaussian(mean, sd, 400, np.random.default_rng(1))
    # margins are met exactly but for the tails beyond the 400th part: no statistical tolerance
    np.testing.assert_allclose(draws.mean(-1), mean, rtol=1e-6)
    np.testing.assert_allclose(draws.std(-1), sd, rtol=0.01)


def test_a_walk_of_volatility_one_without_reversion_is_the_plain_walk():
    logs = made().until(ORIGIN).logs()
    for one, plain in zip(Walk(1.0, 0.0, 36).ahead(logs, 12), PLAIN.ahead(logs, 12), strict=True):
        np.testing.assert_array_equal(one, plain)


def test_a_reverting_walk_ends_at_its_mean_with_its_stationary_spread():
    logs = made().until(ORIGIN).logs()
    walk = Walk(0.8, 0.3, 12)
    mean, sd = walk.ahead(logs, 200)
    np.testing.assert_allclose(mean[:, -1], logs[:, -12:].mean(1))
    # variance of a first-order autoregression with coefficient 0.7
    steps = 0.8 * PLAIN.ahead(logs, 1)[1][:, 0]
    np.testing.assert_allclose(sd[:, -1], steps / np.sqrt(1 - 0.7**2))


def test_counts_before_the_full_count_are_carried_back_by_those_between_ports():
    counts = made()
    np.testing.assert_allclose(
        np.diff(counts.logs()[:NATIONS, :28], axis=1),
        np.diff(np.log1p(counts.between_ports[:28].T), axis=1),
    )


def test_seasonal_naive_repeats_last_year():
    logs = made().until(ORIGIN).logs()
    mean, sd = ahead(models()["seasonal_naive"], logs, 12)
    np.testing.assert_allclose(mean, logs[:, -12:])
    np.testing.assert_allclose(sd, np.repeat(sd[:, :1], 12, 1))


def test_the_smoothing_keeps_its_spread_for_a_series_that_was_near_0():
    # log1p of Haitian encounters to May 2022, rounded: the library's own choice of errors, multiplied
    # ones, gives a spread of ninety logs here
    risen = [
        7.2, 6.6, 5.1, 5.0, 5.4, 6.1, 6.5, 6.2, 6.7, 6.4, 3.0, 2.2, 5.0, 5.0, 4.0, 6.8, 6.4, 4.6,
        5.5, 7.4, 6.7, 8.0, 7.1, 7.9, 8.7, 8.6, 8.9, 9.8, 6.8, 6.9, 8.9, 8.1, 7.5, 7.7, 8.7, 9.3,
    ]  # fmt: skip
    logs = np.array([[0.2] * 23 + risen])
    _, sd = ahead(models()["auto_ets"], logs, 1)
    changes = np.sqrt(np.mean(np.diff(logs) ** 2))
    assert 0.5 * changes < sd[0, 0] < 2 * changes


def test_an_ensemble_of_equal_members_is_the_member():
    rng = np.random.default_rng(3)
    member = rng.normal(7, 1, (5, 12, 400))
    shuffled = rng.permuted(member, axis=-1)
    both = ensemble([member, shuffled, member], rng)
    np.testing.assert_allclose(np.sort(both, -1), np.sort(member, -1))


def led(months: int = 80, nations: int = 30, share: float = 0.6) -> Counts:
    """Logs whose next change is `share` of a lead's last change, and noise of sd 0.1."""
    rng = np.random.default_rng(5)
    lead = rng.normal(0, 0.3, (months, nations))
    change = 0.1 * rng.standard_normal((months, nations))
    change[1:] += share * lead[:-1]
    full = np.exp(9 + change.cumsum(0))
    leads = {"lead": np.exp(9 + lead.cumsum(0))}
    return Counts(full.sum(1), full, full, leads)


def test_the_pooled_regression_finds_the_coefficient_of_a_lead():
    counts = led().until(ORIGIN)
    logs, given = counts.logs(), baselines_pooled.features(counts)
    one = np.ones(len(logs))
    found, scale = baselines_pooled.fit(logs, given, one, ORIGIN, 1, prior=100.0)
    # features: own change 1, 3, from mean; the total's change 1, 3; the lead's change 1, 3, from mean
    expected = np.array([0, 0, 0, 0, 0, 0.6, 0, 0])
    # 1,440 rows, noise 0.1, features of sd 0.1 and more: standard errors are at most 0.03, so that
    # 0.12 is passed falsely less than once in ten thousand times
    np.testing.assert_allclose(found / scale, expected, atol=0.12)
    assert abs(found[5] / scale[5] - 0.6) < 0.05
    mean, sd = baselines_pooled.ahead(counts, 1)
    change = np.diff(np.log(counts.leads["lead"]), axis=0)[-1]
    assert np.corrcoef(mean[:-1, 0] - logs[:-1, -1], change)[0, 1] > 0.95
    assert np.all(sd[:-1] < np.std(np.diff(logs[:-1]), axis=1)[:, None])


def test_a_lead_that_comes_late_is_read_late():
    counts = led().until(ORIGIN)
    late = counts.leads["lead"].copy()
    late[-1] = np.nan
    early = baselines_pooled.features(counts)[:-1, ORIGIN - 1, -3:]
    held = Counts(counts.total, counts.nationality, counts.between_ports, {"lead": late})
    np.testing.assert_allclose(baselines_pooled.features(held)[:-1, ORIGIN, -3:], early)


def in_force(months: int, spans: list[tuple[int, int, int, int]]) -> np.ndarray:
    """Policies of a kind in force for a nationality from a month to before another."""
    out = np.zeros((len(baselines_policy.KINDS), 20, months))
    for kind, nation, start, end in spans:
        out[kind, nation, start:end] += 1
    return out


def test_without_policies_the_shifted_walk_is_the_walk():
    logs = np.random.default_rng(0).normal(0, 0.2, (21, ORIGIN + 1)).cumsum(1) + 7
    none = in_force(80, [])
    walk = Walk(0.8, 0.1, 24)
    for shifted, tuned in zip(
        baselines_policy.ahead(logs, none, none, 12, walk, 0.9), walk.ahead(logs, 12), strict=True
    ):
        np.testing.assert_array_equal(shifted, tuned)


def test_a_shift_is_learned_from_others_and_fades():
    rng = np.random.default_rng(2)
    kind, start, keep = 3, 65, 0.8
    past = [(kind, nation, 10 + 2 * nation, 99) for nation in range(19)]
    known, later = in_force(80, past), in_force(80, [*past, (kind, 19, start, 99)])
    logs = 8 + rng.normal(0, 0.1, (20, ORIGIN + 1)).cumsum(1)
    logs -= 0.7 * baselines_policy.stock(known, keep)[kind][:, : ORIGIN + 1]
    logs = np.concatenate([logs, logs.mean(0, keepdims=True)])
    shifts = baselines_policy.learn(logs[:-1], known[..., : ORIGIN + 1], PLAIN, keep)
    # 19 starts with noise 0.1 each: standard error below 0.03; the prior draws by less than 1 %
    assert abs(shifts.mean[kind] + 0.7) < 0.12
    assert np.sqrt(shifts.covariance[kind, kind]) < 0.05
    others = np.arange(len(shifts.mean)) != kind
    np.testing.assert_array_equal(shifts.mean[others], 0.0)
    np.testing.assert_allclose(np.diag(shifts.covariance)[others], baselines_policy.PRIOR**2)
    mean, _ = baselines_policy.ahead(logs, known, later, 12, PLAIN, keep)
    moved = mean[19] - PLAIN.ahead(logs, 12)[0][19]
    first = start - ORIGIN - 1
    np.testing.assert_array_equal(moved[:first], 0.0)
    np.testing.assert_allclose(
        moved[first:], shifts.mean[kind] * keep ** np.arange(12 - first), rtol=1e-9
    )


def test_the_calendar_counts_days_and_groups():
    from caudal.corridor import corridor
    from caudal.corridor.world import NATIONALITIES

    held = baselines_policy.calendar(corridor().law, corridor().begins, 80, NATIONALITIES)
    visa = held[baselines_policy.KINDS.index("visa")]
    # Mexico asks Venezuelans for a visa from 21 January 2022: 11 of 31 days, then all
    january = 12 * 4 + 6
    np.testing.assert_allclose(
        visa[NATIONALITIES.index("VEN"), january - 1 : january + 2], [0, 11 / 31, 1]
    )
    assert visa[NATIONALITIES.index("MEX")].max() == 0
    expulsion = held[baselines_policy.KINDS.index("expulsion")]
    # Title 42 ends on 12 May 2023; the ends of 2022 were stopped by courts
    may = 12 * 5 + 10
    np.testing.assert_allclose(expulsion[0, may - 8 : may + 2], [*[1] * 8, 11 / 31, 0])


def complete() -> Counts:
    """Counts with a lead and a calendar."""
    counts, rng = made(), np.random.default_rng(4)
    leads = {"lead": np.exp(7 + rng.normal(0, 0.2, (80, NATIONS)).cumsum(0))}
    held = in_force(80, [(3, 1, 40, 99), (3, 2, 63, 99)])[:, :NATIONS]
    return replace(counts, leads=leads, known=held.copy(), designed=held)


def test_an_origin_without_a_past_is_refused():
    with pytest.raises(CaudalError, match="42"):
        forecasts(made(), 41)


@pytest.mark.slow
def test_nothing_after_the_origin_changes_a_forecast():
    counts, other = complete(), complete()
    for values in (other.total, other.nationality, other.between_ports, *other.leads.values()):
        values[ORIGIN + 1 :] *= 3.0
    assert other.known is not None
    other.known[..., ORIGIN + 1 :] += 1
    first, second = forecasts(counts, ORIGIN), forecasts(other, ORIGIN)
    assert tuple(first) == NAMES
    assert set(AWARE) < set(NAMES)
    for name, draws in first.items():
        assert draws.shape == (NATIONS + 1, 12, 400)
        np.testing.assert_array_equal(draws, second[name], err_msg=name)
