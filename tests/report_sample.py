"""A made-up run for the tests of the report: random, seeded, of plausible size and shape.

No number here is a count. The path of the total is drawn by hand so that charts have something to
show: low, high, very low.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import xarray as xr

from caudal.corridor.world import (
    AREA_NAMES,
    AREAS,
    FIELD_OFFICES,
    NATIONALITIES,
    NATIONALITY_NAMES,
    SECTORS,
    UNIT_NAMES,
    UNITS,
)
from caudal.report import Outcome, make_payload, skill_payload, summarise
from skill_worlds import small_tables

FIRST_FORECAST = "2026-06"
MONTHS = pd.date_range("2018-01-01", "2027-05-01", freq="MS")
STOCKS = {
    "transit_mexico": ("On the road in Mexico", "De camino en México"),
    "held_mexico": ("Held in Mexican stations", "En estaciones migratorias mexicanas"),
    "waiting_north": ("Waiting in northern Mexico", "En espera en el norte de México"),
    "court": ("Waiting for an immigration court", "En espera de un tribunal de migración"),
}
_KNOTS = [  # months since January 2018, thousands a month
    (0, 40), (16, 140), (24, 40), (27, 18), (38, 170), (50, 210), (59, 240), (61, 150), (71, 290),
    (77, 120), (83, 90), (86, 12), (101, 10), (113, 14),
]  # fmt: skip


def sample_run(members: int = 30, seed: int = 7) -> xr.Dataset:
    """A Dataset with the dims and variables of `caudal run`."""
    rng = np.random.default_rng(seed)
    n = len(MONTHS)
    ahead = max(0, n - len(MONTHS[MONTHS < FIRST_FORECAST]))
    path = np.interp(np.arange(n), *np.transpose(_KNOTS)) * 1000
    steps = np.full(n, 0.02)
    steps[-ahead:] = 0.14
    walk = np.cumsum(rng.normal(0, 1, (members, n)) * np.where(steps > 0.1, steps, 0), axis=1)
    level = path * np.exp(walk + rng.normal(0, 0.05, (members, n)))
    share = rng.dirichlet(np.full(len(NATIONALITIES), 0.6))
    mix = np.array([0.6, 0.33, 0.07])
    where = rng.dirichlet(np.full(len(AREAS), 1.2))
    encounters = (
        level[:, :, None, None, None]
        * where[:, None, None]
        * share[:, None]
        * mix
        * rng.lognormal(0, 0.1, (members, n, len(AREAS), len(NATIONALITIES), len(UNITS)))
    )
    nationality = level[:, :, None] * share

    def some(scale: float, base: np.ndarray) -> np.ndarray:
        return scale * base * rng.lognormal(0, 0.08, base.shape)

    title42 = (
        (pd.Timestamp("2020-03-01") <= MONTHS) & (pd.Timestamp("2023-06-01") > MONTHS)
    ).astype(float)
    m = ("member", "month")
    variables = {
        "encounters": ((*m, "area", "nationality", "unit"), encounters),
        "expulsions": (
            (*m, "nationality", "unit"),
            some(0.5, nationality[..., None] * mix * title42[None, :, None, None]),
        ),
        "mexican_events": ((*m, "nationality"), some(0.45, nationality)),
        "darien_crossings": ((*m, "nationality"), some(0.2, nationality)),
        "gotaways": (m, some(0.22, level)),
        "children_in_care": (m, some(0.06, level)),
        "children_in_cbp_custody": (m, some(0.008, level)),
        "waiting_north": ((*m, "sector"), some(0.03, level[..., None] * np.ones(len(SECTORS)))),
        "people": ((*m, "stock"), some(0.4, level[..., None] * np.ones(len(STOCKS)))),
        "mexican_effort": (m, some(1e-5, level)),
    }
    return xr.Dataset(
        {k: (d, v.astype(np.float32)) for k, (d, v) in variables.items()},
        coords={
            "member": np.arange(members),
            "month": MONTHS,
            "area": list(AREAS),
            "nationality": list(NATIONALITIES),
            "unit": list(UNITS),
            "sector": list(SECTORS),
            "stock": list(STOCKS),
        },
        attrs={"title": "Sample", "run_id": "sample", "first_forecast_month": FIRST_FORECAST},
    )


def sample_outcomes() -> list[Outcome]:
    every = {"area": "sum", "nationality": "sum", "unit": "sum"}
    enc, area = "encounters", "us.encounters.area"
    out = [
        Outcome("us.encounters.southwest", "Encounters at the southwest border",
                "Encuentros en la frontera suroeste", enc, enc, every, area),
        Outcome("mx.events", "People apprehended or presented in Mexico",
                "Personas presentadas o canalizadas en México", "events", "mexican_events",
                {"nationality": "sum"}, "mx.events"),
        Outcome("pa.darien.crossings", "People crossing the Darién",
                "Personas que cruzan el Darién", "crossings", "darien_crossings",
                {"nationality": "sum"}, "pa.darien"),
        Outcome("us.expulsions", "Expulsions under Title 42", "Expulsiones por el Título 42",
                "expulsions", "expulsions", {"nationality": "sum", "unit": "sum"}, area),
        Outcome("us.children.hhs_care", "Children in HHS care", "Niñas y niños al cuidado del HHS",
                "children", "children_in_care", {}, "us.children"),
        Outcome("us.gotaways.known", "Known got-aways", "Evasiones conocidas", "entries",
                "gotaways", {}, "us.gotaways.known"),
        Outcome("us.encounters.border_patrol", "Between the ports: Border Patrol",
                "Entre los puertos: Patrulla Fronteriza", enc, enc,
                {**every, "area": list(SECTORS)}, area, "components"),
        Outcome("us.encounters.field_operations", "At the ports: field offices",
                "En los puertos: oficinas de campo", enc, enc,
                {**every, "area": list(FIELD_OFFICES)}, area, "components"),
    ]  # fmt: skip
    out.append(Outcome("people.waiting", "People waiting in northern Mexico",
                       "Personas que esperan en el norte de México", "people", "waiting_north",
                       {"sector": "sum"}, "", "side", "people"))  # fmt: skip
    for dim, names, panel in (
        ("unit", UNIT_NAMES, "units"),
        ("area", AREA_NAMES, "areas"),
        ("nationality", NATIONALITY_NAMES, "nationalities"),
    ):
        for key, (en, es) in names.items():
            select = {**every, dim: key}
            out.append(Outcome(f"us.encounters.{dim}.{key}", en, es, enc, enc, select, area, panel))
    for key, (en, es) in STOCKS.items():
        out.append(
            Outcome(f"stock.{key}", en, es, "people", "people", {"stock": key}, "", "stocks")
        )
    for key in SECTORS:
        en, es = (name.replace(" sector", "").replace("Sector ", "") for name in AREA_NAMES[key])
        out.append(Outcome(f"waiting.{key}", f"Waiting opposite {en}", f"En espera frente a {es}",
                           "people", "waiting_north", {"sector": key}, "", "waiting"))  # fmt: skip
    return out


def sample_observed(ds: xr.Dataset, outcomes: list[Outcome], seed: int = 3) -> pd.DataFrame:
    """Made-up counts near the run's middle, up to two months before the forecast."""
    rng = np.random.default_rng(seed)
    frames = []
    for outcome in outcomes:
        if not outcome.series:
            continue
        middle = np.median(outcome.draws(ds), axis=0)
        keep = (MONTHS < FIRST_FORECAST) & (
            ("2020-01-01" if "expulsions" in outcome.id else "2018-01-01") <= MONTHS
        )
        values = np.round(middle * rng.lognormal(0, 0.06, len(MONTHS)))[keep]
        frames.append(
            pd.DataFrame({"outcome": outcome.id, "month": MONTHS[keep], "observed": values})
        )
    return pd.concat(frames, ignore_index=True)


def sample_timeline() -> list[dict]:
    def row(key, actor, dates, *names, unverified=False):
        en, es = names
        start, end = dates
        span = {
            "from": start,
            "until": end,
            "value": 1,
            "known_on": start,
            "unverified": unverified,
            "meaning": {"en": "People are sent back", "es": "Se devuelve a las personas"},
            "who": {"nationality": ["VEN", "CUB"]},
        }
        return {
            "id": key, "name": {"en": en, "es": es}, "actor": actor, "kind": "expulsion",
            "instrument": "An order of the sample", "spans": [span],
            "sources": {"a": {"title": "A report of the sample", "publisher": "Agency",
                              "date": "2021-02-04", "url": "https://example.org/report"}},
        }  # fmt: skip

    rows = [
        row("us-metering", "united-states", ("2018-05-01", "2020-03-21"),
            "Metering at the ports of entry",
            "Dosificación en los puertos de entrada", unverified=True),
        row("us-mpp", "united-states", ("2019-01-25", "2021-01-21"),
            "Remain in Mexico (Migrant Protection Protocols)",
            "Quédate en México (Protocolos de Protección a Migrantes)"),
        row("us-title-42", "united-states", ("2020-03-20", "2023-05-12"),
            "Title 42 expulsions",
            "Expulsiones por el Título 42"),
        row("us-chnv", "united-states", ("2022-10-18", "2025-01-20"),
            "Parole for Cubans, Haitians, Nicaraguans and Venezuelans",
            "Permiso humanitario para personas de Cuba, Haití, Nicaragua y Venezuela"),
        row("us-2025", "united-states", ("2025-01-20", None),
            "January 2025 proclamation and the end of appointments",
            "Proclamación de enero de 2025 y fin de las citas"),
        row("mx-guard", "mexico", ("2019-06-07", "2020-11-01"),
            "National Guard on the southern border",
            "Guardia Nacional en la frontera sur", unverified=True),
        row("mx-2024", "mexico", ("2024-01-01", None),
            "Mexico's 2024 effort after the December meeting",
            "Esfuerzo de México en 2024 tras la reunión de diciembre"),
        row("mx-tamaulipas-families", "mexico/tamaulipas", ("2021-01-27", "2023-05-12"),
            "Tamaulipas stops taking back families with small children",
            "Tamaulipas deja de recibir a familias con niñas y niños pequeños"),
        row("pa-closure", "panama", ("2024-07-01", None),
            "Panama closes paths through the Darién",
            "Panamá cierra pasos por el Darién"),
    ]  # fmt: skip
    title42 = next(r for r in rows if r["id"] == "us-title-42")
    later = {**title42["spans"][0], "from": "2021-01-01", "known_on": "2020-12-30", "value": 2.5}
    later["trigger"] = {
        "signal": "x",
        "on_at_or_above": 2500,
        "off_below": 1500,
        "off_after_days": 7,
    }
    title42["spans"].append(later)
    title42["blocked"] = [
        {"date": "2022-05-23", "what": "end", "known_on": "2022-04-01", "blocked_on": "2022-05-20"}
    ]
    title42["disputed"] = [{"en": "Disputed in the sample", "es": "En disputa en la muestra"}]
    return rows


def sample_sources() -> list[dict]:
    def row(series, publisher, title):
        return {
            "series": series, "publisher": publisher, "title": title,
            "definition": "One event, not one person: who comes twice is counted twice.",
            "unit": "events", "grain": "month", "address": "https://example.org/series",
            "licence": "Public domain", "read_on": "2026-11", "delay_days": 20,
            "delay_note": "assumed", "files": {"file.csv": "ab" * 32},
            "issues": [{"en": "Later months are revised.", "es": "Los últimos meses se revisan."}],
        }  # fmt: skip

    return [
        row("us.encounters.area", "U.S. Customs and Border Protection", "Border encounters"),
        row("mx.events", "Unidad de Política Migratoria", "Boletín mensual"),
        row("pa.darien", "Servicio Nacional de Migración", "Tránsito irregular por el Darién"),
        row("us.children", "U.S. Department of Health and Human Services", "Daily report"),
        row("us.gotaways.known", "U.S. Border Patrol", "Known got-aways"),
        row("unused.series", "Nobody", "A series that no chart uses"),
    ]  # fmt: skip


@cache
def sample_skill() -> dict | None:
    return skill_payload(small_tables())


def sample_payload(members: int = 30, scenario: str = "baseline") -> dict:
    ds = sample_run(members)
    outcomes = sample_outcomes()
    summary = summarise(ds, sample_observed(ds, outcomes), outcomes)
    return make_payload(
        summary,
        outcomes,
        title={"en": "Encounters and policies, made up for a test",
               "es": "Encuentros y políticas, inventados para una prueba"},
        scenario={"name": scenario, "title": scenario,
                  "about": {"en": "Made-up numbers: nothing here was counted.",
                            "es": "Cifras inventadas: aquí no se contó nada."}},
        timeline=sample_timeline(),
        names={"VEN": {"en": "Venezuela", "es": "Venezuela"}},
        sources=sample_sources(),
        limits=[{"en": "It says nothing about any one person.",
                 "es": "No dice nada sobre ninguna persona en particular."}],
        recipe={"command": "caudal run baseline --members 30 --seed 7",
                "python": "import caudal\nds = caudal.simulate('baseline', members=30, seed=7)",
                "data_vintage": "sample", "code_version": "0.1.0", "run_id": "sample",
                "members": members},
        skill=sample_skill(),
    )  # fmt: skip
