"""The registry: every series, and which one is canonical for each event, margin and month.

Several publications count the same events. For every observable and margin exactly one series
answers in each month; the others are checks and never enter a likelihood. Spans are half-open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from caudal.corridor.sources import catalogue_region, catalogue_us
from caudal.data.series import Series
from caudal.errors import CaudalError


@dataclass(frozen=True)
class Span:
    """A series that answers from `start` (month) up to, not including, `end` ("" = still)."""

    series: str
    start: str
    end: str = ""
    where: tuple[tuple[str, str], ...] = ()

    def holds(self, month: str) -> bool:
        """Whether the span covers a month, "YYYY-MM"."""
        return self.start <= month and (not self.end or month < self.end)


AREA = "us.encounters.area"
_OHSS_ALL = (("table", "selected"),)

CANONICAL: dict[tuple[str, str], tuple[Span, ...]] = {
    ("us.encounters", "component"): (
        Span(
            "us.encounters.ohss", "2013-10", "2017-10", (("table", "selected"), ("nationality", ""))
        ),
        Span(AREA, "2017-10"),
    ),
    ("us.encounters", "unit"): (
        Span("us.encounters.ohss.unit", "2013-10", "2017-10"),
        Span(AREA, "2017-10"),
    ),
    ("us.encounters", "title"): (Span(AREA, "2017-10"),),
    ("us.encounters", "nationality"): (
        Span("us.encounters.ohss", "2013-10", "2019-10", _OHSS_ALL),
        Span(AREA, "2019-10"),
    ),
    ("us.encounters.border_patrol", "nationality"): (
        Span("us.encounters.ohss", "2013-10", "2019-10", (("table", "top_100"),)),
        Span(AREA, "2019-10", where=(("component", "border_patrol"),)),
    ),
    ("us.encounters.border_patrol", "area"): (
        Span("us.encounters.border_patrol.sector", "1999-10", "2019-10"),
        Span(AREA, "2019-10", where=(("component", "border_patrol"),)),
    ),
    ("us.encounters.field_operations", "area"): (
        Span("us.encounters.ohss.area", "2013-10", "2019-10", (("component", "field_operations"),)),
        Span(AREA, "2019-10", where=(("component", "field_operations"),)),
    ),
    ("us.expulsions", "nationality × unit"): (
        Span(AREA, "2020-03", where=(("title", "title_42"),)),
    ),
    ("us.bookouts", "outcome"): (Span("us.bookouts", "2013-10"),),
    ("us.cbp_one", "nationality"): (Span("us.cbp_one.appointments", "2023-01"),),
    ("us.chnv", "stage × nationality"): (Span("us.chnv", "2022-10"),),
    ("us.credible_fear", "stage × result"): (Span("us.credible_fear", "2013-10"),),
    ("us.ice.book_ins", "nationality"): (Span("us.ice.book_ins", "2013-10"),),
    ("us.ice.detained", "arrested_by"): (Span("us.ice.detained", "2019-05"),),
    ("us.repatriations", "kind"): (Span("us.repatriations", "2013-10"),),
    ("us.gotaways.known", "total"): (Span("us.gotaways.known", "2005-10"),),
    ("us.children.hhs_care", "total"): (Span("us.children", "2023-01"),),
    ("us.children.cbp_custody", "total"): (Span("us.children", "2023-01"),),
    ("us.courts", "total"): (Span("us.courts", "2014-10"),),
    ("us.deaths", "area"): (Span("us.usbp.deaths", "1997-10", "2019-10"),),
    ("us.cities.nyc", "agency"): (Span("us.cities.nyc", "2019-01"),),
    ("mx.events", "nationality"): (Span("mx.events", "2018-01"),),
    ("mx.events", "sex × age"): (Span("mx.events.demographic", "2018-01"),),
    ("mx.returns", "nationality × type"): (Span("mx.returns", "2015-01"),),
    ("mx.asylum", "nationality"): (Span("mx.asylum.annual", "2000-01"),),
    ("pa.darien.crossings", "nationality"): (Span("pa.darien", "2020-01"),),
    ("pa.darien.crossings", "sex × age"): (Span("pa.darien.demographic", "2021-01"),),
    ("hn.entries", "nationality"): (Span("hn.entries", "2018-01"),),
    ("hn.entries", "total"): (Span("hn.entries.total", "2014-01"),),
    ("gt.returns", "returned_from"): (Span("gt.returns", "2020-01"),),
    ("co.exits", "nationality"): (Span("co.exits", "2023-01"),),
    ("deaths", "country × cause"): (Span("iom.deaths", "2014-01"),),
}
"""(event, margin) → who answers, in time. A total is the sum over its margin."""

CONTEXT = (
    "driver.", "figures", "geo.", "refugees.", "asylum.", "us.usbp.staffing", "us.usbp.profile",
    "us.ice.removals", "pa.darien.annual", "us.courts.new_cases", "us.cities.nyc.in_care",
    "us.children.daily", "us.bookouts.annual", "us.cbp_one.appointments.annual",
)  # fmt: skip
"""Neither an observable of a run nor a second count of one."""


def role(series_id: str) -> str:
    """canonical, check or context.

    >>> role("us.encounters.area"), role("us.encounters.state"), role("driver.wdi")
    ('canonical', 'check', 'context')
    """
    if any(span.series == series_id for spans in CANONICAL.values() for span in spans):
        return "canonical"
    return "context" if series_id.startswith(CONTEXT) else "check"


def canonical(event: str, margin: str, month: str) -> Span | None:
    """The span that answers for an event and margin in a month ("YYYY-MM"), or None.

    >>> canonical("us.encounters", "nationality", "2019-09").series
    'us.encounters.ohss'
    """
    spans = CANONICAL.get((event, margin))
    if spans is None:
        known = ", ".join(sorted({f"{e} by {m}" for e, m in CANONICAL}))
        raise CaudalError("canonical source", f"{event!r} by {margin!r}", known)
    return next((span for span in spans if span.holds(month)), None)


SERIES: dict[str, Series] = {
    s.id: replace(s, about=replace(s.about, role=role(s.id)))
    for s in (*catalogue_us.SERIES, *catalogue_region.SERIES)
}
"""Every series by id."""


def find(series_id: str) -> Series:
    """The declaration of a series; a clear error with near names for an unknown one."""
    if series_id not in SERIES:
        from difflib import get_close_matches

        near = get_close_matches(series_id, SERIES, n=4, cutoff=0.4) or ["see `caudal data list`"]
        raise CaudalError("series", repr(series_id), ", ".join(near))
    return SERIES[series_id]
