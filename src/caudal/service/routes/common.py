"""What several routes share: names as they may stand in an address, and who answers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from caudal.service.refusals import RESPONSES, Refused

Slug = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$", description="an id or a name")]
SeriesId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_.]{0,79}$", description="id of a series")]
Hash = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$", description="twelve hexadecimal digits")]
Period = Annotated[
    str | None, Query(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="2023, 2023-05, 2023-05-01")
]


def router(tag: str) -> APIRouter:
    """A router under /api/v1 whose routes tell of every refusal."""
    return APIRouter(prefix="/api/v1", tags=[tag], responses=RESPONSES)


def service(request: Request) -> Any:
    """The service behind a request (`app.Service`)."""
    return request.app.state.service


def download(media: dict[str, str]) -> dict[int | str, dict[str, Any]]:
    """Description of an answer that may be a file: media type → what it is."""
    content: dict[str, Any] = {kind: {"schema": {"type": "string"}} for kind in media}
    return {200: {"description": "; ".join(media.values()), "content": content}}


FILES = download(
    {
        "text/csv": "CSV, with HXL hashtags on request",
        "application/vnd.apache.parquet": "Parquet",
    }
)


def missing(where: str, found: str, allowed: str) -> Refused:
    """A 404 in the usual shape."""
    return Refused(where, found, allowed, 404)
