"""A member that runs alone, in a chunk of one, beside the same member among others."""

from __future__ import annotations

import numpy as np
import pytest

import caudal

pytestmark = [pytest.mark.twin, pytest.mark.slow]


def test_a_lone_member_is_the_first_of_many_but_for_rounding():
    alone = caudal.simulate("baseline", members=1, end="2018-07")
    many = caudal.simulate("baseline", members=2, end="2018-07").isel(member=[0])
    assert float(alone["encounters"].sum()) > 0
    for name in alone.data_vars:
        if alone[name].dtype.kind == "f":
            np.testing.assert_allclose(
                alone[name], many[name], rtol=1e-4, atol=1e-3, err_msg=str(name)
            )
