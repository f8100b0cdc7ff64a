"""A client: somebody whose documents are grouped, and who may see no one else's."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Client(BaseModel):
    """``reference`` is what the client is called elsewhere, such as a number in the books. An archived client
    keeps its documents and gets no more. ``version`` is the stored one this was loaded as.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    reference: str | None = None
    archived: bool = False
    version: int = 0
