"""A forecast as a hubverse hub: model output, what was asked for, and who answers for the model.

Written for version 5 of the hubverse schemas (https://hubverse.io): a round is an origin, named by
its date, the last day of the origin's month; the file holds the 23 standard quantiles of every task.
A hub that an earlier forecast began is continued; one of somebody else's is left alone.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from caudal.compute.asked import MOST_MONTHS_AHEAD
from caudal.data.store import provenance
from caudal.engine.observation import Predictand
from caudal.errors import CaudalError
from caudal.forecast.issued import Forecast
from caudal.forecast.score import LEVELS
from caudal.forecast.vintage import ISSUED_AFTER

SCHEMAS = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v5.0.1"
TEAM = "caudal"
LICENCE = "Apache-2.0"
"""The package's own."""
COLUMNS = (
    "origin_date", "target", "cell", "horizon", "target_end_date", "output_type", "output_type_id",
    "value",
)  # fmt: skip
GROWING = ("origin_date", "horizon", "target_end_date")
"""Task ids whose values each round adds to."""
METADATA = {
    "team_name": "string", "team_abbr": "string", "model_name": "string", "model_abbr": "string",
    "model_version": "string", "license": "string", "designated_model": "boolean",
    "methods": "string", "data_inputs": "string",
}  # fmt: skip


def model_id(forecast: Forecast) -> str:
    """Team and model as the hub names them."""
    return f"{TEAM}-{_model(forecast)}"


def late_by(forecast: Forecast) -> int:
    """Days after the end of the round's window on which the forecast is issued; 0 within it."""
    issued, origin = (date.fromisoformat(forecast.about[k]) for k in ("issued_on", "origin_date"))
    return max(0, (issued - origin).days - ISSUED_AFTER)


def model_output(forecast: Forecast) -> pd.DataFrame:
    """The table of quantiles in the hub's columns."""
    table = forecast.quantiles()
    return table.assign(
        origin_date=forecast.about["origin_date"],
        target_end_date=table.month.map(_month_end),
        output_type="quantile",
        output_type_id=table["quantile"],
    )[list(COLUMNS)]


def hub_files(forecast: Forecast, folder: Path) -> dict[str, str]:
    """The hub's files with this round in them, text by path; what its keeper filled in stays.

    forecast  of all targets; folder: a hub that earlier forecasts began, or a new place

    Raises CaudalError where the folder holds another hub.
    """
    model, origin = model_id(forecast), forecast.about["origin_date"]
    table = model_output(forecast)
    admin, schema = "hub-config/admin.json", "hub-config/model-metadata-schema.json"
    once = {admin: _admin(forecast), schema: _metadata_schema()}
    return {
        f"model-output/{model}/{origin}-{model}.csv": table.to_csv(index=False),
        f"model-metadata/{model}.yml": yaml.safe_dump(
            _metadata(forecast), sort_keys=False, allow_unicode=True
        ),
        "hub-config/tasks.json": _json(_tasks(forecast, table, _earlier(folder, forecast))),
        **{name: _json(told) for name, told in once.items() if not (folder / name).exists()},
    }


def _tasks(forecast: Forecast, table: pd.DataFrame, earlier: Mapping[str, Any]) -> dict[str, Any]:
    """tasks.json; earlier: target → its task in the hub so far."""
    now = {p.name: p for p in forecast.predictands}
    return {
        "schema_version": f"{SCHEMAS}/tasks-schema.json",
        "rounds": [
            {
                "round_id_from_variable": True,
                "round_id": "origin_date",
                "model_tasks": [
                    *(
                        _task(
                            p, table[table.target == name], earlier.get(name, {}), forecast.tables
                        )
                        for name, p in now.items()
                    ),
                    *(task for name, task in earlier.items() if name not in now),
                ],
                "submissions_due": {
                    "relative_to": "origin_date",
                    "start": 0,
                    "end": ISSUED_AFTER,
                },
            }
        ],
        "output_type_id_datatype": "double",
        "derived_task_ids": ["target_end_date"],
    }


def _task(
    p: Predictand, table: pd.DataFrame, earlier: Mapping[str, Any], tables: Path | None
) -> dict[str, Any]:
    now = {
        "origin_date": table.origin_date.unique().tolist(),
        "horizon": [*table.horizon.unique().tolist(), *range(1, MOST_MONTHS_AHEAD + 1)],
        "target_end_date": table.target_end_date.unique().tolist(),
    }
    before = earlier.get("task_ids", {})
    grown = {
        name: {
            "required": None,
            "optional": sorted({*now[name], *before.get(name, {}).get("optional", ())}),
        }
        for name in GROWING
    }
    source = provenance(p.series, tables)
    return {
        "task_ids": {
            "origin_date": grown["origin_date"],
            "target": {"required": None, "optional": [p.name]},
            "cell": {"required": list(p.labels), "optional": None},
            "horizon": grown["horizon"],
            "target_end_date": grown["target_end_date"],
        },
        "output_type": {
            "quantile": {
                "output_type_id": {"required": LEVELS.tolist()},
                "value": {"type": "double", "minimum": 0},
                "is_required": True,
            }
        },
        "target_metadata": [
            {
                "target_id": p.name,
                "target_name": f"{p.name.replace('_', ' ')}: {p.unit}",
                "target_units": p.unit,
                "target_keys": {"target": p.name},
                "description": f"{source.definition.rstrip('.')}. Resolved by the first edition of "
                f"{source.publisher}, {source.title}, that counts the whole month.",
                "target_type": "discrete" if p.counts else "continuous",
                "is_step_ahead": True,
                "time_unit": "month",
            }
        ],
    }


def _earlier(folder: Path, forecast: Forecast) -> dict[str, Any]:
    """Tasks by target of the hub that stands there."""
    path = folder / "hub-config" / "tasks.json"
    if not path.exists():
        return {}
    try:
        tasks = [t for r in json.loads(path.read_text("utf-8"))["rounds"] for t in r["model_tasks"]]
        found = {t["target_metadata"][0]["target_id"]: t for t in tasks}
        cells = {name: t["task_ids"]["cell"]["required"] for name, t in found.items()}
    except (ValueError, KeyError, IndexError, TypeError) as problem:
        raise CaudalError(f"--hub {path}", f"not readable ({problem})", _ALLOWED) from problem
    ours = {p.name: list(p.labels) for p in forecast.predictands}
    if any(cells.get(name, labels) != labels for name, labels in ours.items()) or not (
        found.keys() & ours.keys()
    ):
        raise CaudalError(f"--hub {path}", f"asks for other things ({', '.join(found)})", _ALLOWED)
    return found


_ALLOWED = "a new folder, or a hub that `caudal forecast --hub` began"


def _admin(forecast: Forecast) -> dict[str, Any]:
    name = forecast.about["corridor"]
    return {
        "schema_version": f"{SCHEMAS}/admin-schema.json",
        "name": f"Caudal: monthly counts of the {name} corridor",
        "maintainer": "The Caudal authors",
        "contact": {"name": "The Caudal authors"},
        "repository": {"name": TEAM},
        "file_format": ["csv"],
        "timezone": "America/New_York",
    }


def _metadata(forecast: Forecast) -> dict[str, Any]:
    about = forecast.about
    series = sorted({p.series for p in forecast.predictands})
    return {
        "team_name": "Caudal",
        "team_abbr": TEAM,
        "model_name": f"Caudal, {about['corridor']}",
        "model_abbr": _model(forecast),
        "model_version": about["code_version"],
        "license": LICENCE,
        "designated_model": True,
        "methods": "A mechanistic stock-and-flow simulation by day, its unknowns learned from monthly "
        "counts by an ensemble smoother; runs are continued from the last count and corrected by what "
        "their own past forecasts have taught. Law as documented on the day of issue, held unless a "
        "decision on a later date is already known.",
        "data_inputs": f"{', '.join(series)} and others; data vintage {about['data_vintage']}",
    }


def _metadata_schema() -> dict[str, Any]:
    abbreviation = {"type": "string", "pattern": "^[a-zA-Z0-9_+]+$", "maxLength": 16}
    properties = {k: {"type": v} for k, v in METADATA.items()}
    properties |= {"team_abbr": abbreviation, "model_abbr": abbreviation}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Model metadata",
        "description": "Who answers for a model, and how it works.",
        "type": "object",
        "properties": properties,
        "required": list(METADATA),
        "additionalProperties": False,
    }


def _model(forecast: Forecast) -> str:
    return str(forecast.about["corridor"]).replace("-", "_")


def _month_end(month: str) -> str:
    year, number = (int(part) for part in month.split("-"))
    return f"{month}-{monthrange(year, number)[1]}"


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
