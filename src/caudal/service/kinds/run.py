"""A run: a scenario through an ensemble, as `caudal run` does it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from caudal.corridor import corridor
from caudal.service.kinds import Tell
from caudal.service.kinds.common import (
    RESULT,
    Ask,
    Asked,
    Given,
    Members,
    Month,
    Plan,
    Seed,
    again,
    cost,
    scenario,
    threads,
    write_json,
)  # fmt: skip

SUMMARY, NUMBERS, DOCUMENT = "summary.parquet", "results.nc", "scenario.yaml"
ENDS, YEARS = "ends.parquet", "years.parquet"


class Body(Asked):
    """What a run is asked for; defaults are those of `caudal run`."""

    scenario: Given = "baseline"
    members: Members = 96
    seed: Seed = 0
    sampler: Literal["expected", "sampled"] = "expected"
    start: Month | None = Field(None, alias="from", description="first month of the results")
    end: Month | None = Field(None, alias="to", description="first month no longer run")


def plan(body: Body, ask: Ask) -> Plan:
    """Check what is asked; the id is the one that `caudal run` gives the same inputs."""
    from caudal.compute.run import asked

    here: Any = corridor()
    document, said = scenario(body.scenario, ask)
    made = asked(
        here, document, members=body.members, seed=body.seed, sampler=body.sampler,
        start=body.start, end=body.end,
    )  # fmt: skip
    here.drivers(here.begins, 1, None, document.drivers)  # names that are not there, told now
    rest = {"members": body.members, "seed": body.seed, "sampler": body.sampler,
            "from": f"{made.start:%Y-%m}", "to": f"{made.end:%Y-%m}"}  # fmt: skip
    return Plan(made.id, {**said, **rest}, cost(body.members, made.end, ask.limits))


def do(request: Mapping[str, Any], folder: Path, tell: Tell) -> None:
    """Run it; results.nc, tables by month and year, scenario.yaml and result.json (the recipe)."""
    from caudal.compute.run import simulate
    from caudal.corridor.ends import ends, yearly
    from caudal.corridor.observables import OUTCOMES, observed_long
    from caudal.report import Outcome, summarise
    from caudal.report.files import write_netcdf

    here: Any = corridor()
    named = request["document"] is None
    result = simulate(
        here, request["scenario"] if named else again(request), members=request["members"],
        seed=request["seed"], sampler=request["sampler"], start=request["from"],
        end=request["to"], workers=threads(), progress=tell,
    )  # fmt: skip
    ds = result.dataset()
    outcomes = [Outcome(**fields) for fields in OUTCOMES]
    summary = summarise(ds, observed_long(here, min(result.end, date.today())), outcomes)
    command, python = result.recipe(None if named else shlex.quote(DOCUMENT))
    recipe = {
        "command": command, "python": python, "scenario": result.scenario.name,
        "document": None if named else request["document"], "run_id": result.id,
        "members": request["members"], "data_vintage": ds.attrs["data_vintage"],
        "code_version": ds.attrs["code_version"],
        "first_forecast_month": ds.attrs["first_forecast_month"],
        "parameters_from_priors": list(result.drawn),
    }  # fmt: skip
    write_netcdf(ds.assign_attrs(recipe_command=command, recipe_python=python), folder / NUMBERS)
    summary.to_parquet(folder / SUMMARY, index=False)
    ended = ends(result.months, here.begins, result.start, result.end)
    ended.to_parquet(folder / ENDS, index=False)
    yearly(ds, outcomes).to_parquet(folder / YEARS, index=False)
    (folder / DOCUMENT).write_text(result.scenario.as_yaml(), encoding="utf-8")
    write_json(folder, recipe)


def frozen(request: Mapping[str, Any], folder: Path) -> str:
    """The report of a run that is done, from its request and the folder of its results."""
    import pandas as pd

    from caudal.forecast.skill import read
    from caudal.report import page
    from caudal.report.of_run import told

    here: Any = corridor()
    document = again(request)
    recipe = json.loads((folder / RESULT).read_text("utf-8"))
    payload = told(
        here, document, document.law(here.law), pd.read_parquet(folder / SUMMARY), recipe,
        recipe["parameters_from_priors"], read(here.skill) if here.skill.is_dir() else None,
    )  # fmt: skip
    return page(payload)
