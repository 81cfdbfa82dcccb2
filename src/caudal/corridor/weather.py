"""How the corridor's weather moves: settings chosen on months before October 2021 only.

Standard deviations are per month on the log scale. That of departures adapts to each nationality:
it is the spread of the month-to-month changes of its counts over the last two years. `common` is the
mean correlation of those changes between nationalities of more than 200 encounters a month, net of
the scatter of counts, July 2017 to September 2021 without the months of the first closures (March to
June 2020): 0.29 (us.encounters.ohss).
"""

from __future__ import annotations

from caudal.engine.weather import Process

PROCESSES: dict[str, Process] = {
    "departure": Process(sd=0.25, start_sd=0.6, revert=0.0, common=0.3, adaptive=True),
    "unit": Process(sd=0.12, start_sd=0.3),
    "route": Process(sd=0.25, start_sd=0.5),
    "stop": Process(sd=0.15, start_sd=0.5),
    "return_share": Process(sd=0.2, start_sd=0.3),
    "effort": Process(sd=0.15, revert=0.05),
    "area": Process(sd=0.12, start_sd=0.3),
    "port": Process(sd=0.4, start_sd=0.5),
    "exceptions": Process(sd=0.2, start_sd=0.3),
    "detection": Process(sd=0.08, start_sd=0.2),
    "title42": Process(sd=0.2),
    "mpp": Process(sd=0.3),
    "discharge": Process(sd=0.08),
}
