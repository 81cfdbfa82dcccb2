"""The committed table of effects keeps its own rules, and the page shows it."""

from __future__ import annotations

import effects as script
import numpy as np
import pandas as pd
import pytest

from caudal.ask import effects_told as told
from caudal.ask.effects_asked import effects, load
from caudal.corridor import corridor

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(script.TABLE, keep_default_na=False, na_values=[""])


def test_the_table_holds_every_effect_over_its_declared_period(table):
    asked, marks = load(script.ASKED)
    assert list(table.columns[: len(told.COLUMNS)]) == list(told.COLUMNS)
    for effect in effects(asked, marks, corridor()):
        rows = table[(table.asked == effect.id) & (table.kind == effect.kind)]
        assert set(rows.quantity) == set(effect.quantities), effect.id
        assert set(rows["from"]) == {str(effect.period[0])}, effect.id
        assert set(rows["until"]) == {str(effect.period[1])}, effect.id
        assert set(rows.expected) == {effect.expected}, effect.id
        for quantity_, given in rows.groupby("quantity"):
            assert {"prior", "posterior"} <= set(given.variant), (effect.id, quantity_)
            assert given.variant.is_unique, (effect.id, quantity_)
            assert (given.low90 <= given.effect).all()
            assert (given.effect <= given.high90).all()


def test_no_effect_is_clearly_against_its_declared_sign(table):
    """Where the debate agrees on a sign, 95 % of draws do not have the other."""
    main = table[(table.variant == "posterior") & (table.quantity == "encounters")]
    main = main[main.kind.isin(["question", "bundle", "part"])]
    against = [
        r.asked for r in main.itertuples()
        if (r.expected == "more" and r.high90 < 0) or (r.expected == "fewer" and r.low90 > 0)
    ]  # fmt: skip
    assert against == []
    assert set(main.expected) == {"more", "fewer", "either"}


def test_the_table_keeps_its_own_rules(table):
    rows = table[table.kind.isin(["question", "bundle", "part"])]
    keys = ["asked", "quantity"]
    prior = rows[rows.variant == "prior"].set_index(keys)
    for name, shrunk in (("sd", "contraction"), ("sd_percent", "contraction_percent")):
        later = rows[rows.variant == "posterior"].set_index(keys)
        again = 1 - (later[name] / prior[name]) ** 2
        np.testing.assert_allclose(later[shrunk], again, atol=5e-3)  # four figures are written
    later = rows[rows.variant != "prior"]
    for r in later.itertuples():
        # four figures are written: the number itself may lie to either side of a threshold
        near = ((r.contraction + d, r.contraction_percent + d) for d in (-5e-5, 5e-5))
        assert r.rests_on in {told.rests_on(*pair) for pair in near}, (r.asked, r.quantity)
    for group, parts in rows[rows.kind == "part"].groupby(rows.asked.str.partition("/")[0]):
        pairs = table[(table.kind == "correlation") & table.asked.str.startswith(f"{group}/")]
        main = parts[(parts.variant == "posterior") & (parts.quantity == "encounters")]
        smallest = main[["contraction", "contraction_percent"]].min(axis=1)
        apart = (pairs.effect.abs() < told.TOGETHER).all() and (smallest > told.LITTLE).all()
        assert set(parts.reported) == {"alone" if apart else "jointly"}


def test_the_page_shows_the_table(table):
    shown = script.tables(table, load(script.ASKED)[0])
    assert shown in script.PAGE.read_text("utf-8")
    for word in ("proven effect", "proves that"):
        assert word not in script.PAGE.read_text("utf-8")
