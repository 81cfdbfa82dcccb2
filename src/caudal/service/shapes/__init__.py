"""What is answered, as Pydantic models, one file a subject: the OpenAPI description comes from them.

Routes write their answers straight to bytes, for large tables would take seconds to check on every
read; tests hold the bytes against these models.
"""

from __future__ import annotations

from caudal.service.shapes.about import Alive
from caudal.service.shapes.claims import (
    Claim,
    Claims,
    Drawn,
    Proposals,
)
from caudal.service.shapes.common import (
    Exact,
    Open,
    Words,
)
from caudal.service.shapes.corridor import CorridorMap, WaitingFigures
from caudal.service.shapes.found import FOUND, Found
from caudal.service.shapes.jobs import (
    Job,
    Jobs,
    Links,
    Recipe,
    Results,
    RunLine,
)
from caudal.service.shapes.model import (
    Model,
    Parameter,
)
from caudal.service.shapes.now import (
    Change,
    Headlines,
    Inside,
    Issued,
    Line,
    Now,
    Skill,
)
from caudal.service.shapes.outcomes import Ended, Side
from caudal.service.shapes.policies import (
    Lever,
    Levers,
    OnePolicy,
    Policy,
    PolicyList,
    PolicyRow,
    Span,
    Timeline,
)
from caudal.service.shapes.scenarios import (
    Difference,
    Scenario,
    ScenarioList,
    ScenarioRow,
)
from caudal.service.shapes.series import (
    Issue,
    SeriesChart,
    SeriesList,
    SeriesRow,
    SeriesTable,
    Vintage,
    Vintages,
)
from caudal.service.shapes.why import Attributions, Effects, Examples, Factors

__all__ = [
    "FOUND",
    "Alive",
    "Attributions",
    "Change",
    "Claim",
    "Claims",
    "CorridorMap",
    "Difference",
    "Drawn",
    "Effects",
    "Ended",
    "Exact",
    "Examples",
    "Factors",
    "Found",
    "Headlines",
    "Inside",
    "Issue",
    "Issued",
    "Job",
    "Jobs",
    "Lever",
    "Levers",
    "Line",
    "Links",
    "Model",
    "Now",
    "OnePolicy",
    "Open",
    "Parameter",
    "Policy",
    "PolicyList",
    "PolicyRow",
    "Proposals",
    "Recipe",
    "Results",
    "RunLine",
    "Scenario",
    "ScenarioList",
    "ScenarioRow",
    "SeriesChart",
    "SeriesList",
    "SeriesRow",
    "SeriesTable",
    "Side",
    "Skill",
    "Span",
    "Timeline",
    "Vintage",
    "Vintages",
    "WaitingFigures",
    "Words",
]
