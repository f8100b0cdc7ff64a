"""The routes of this function, declared by the modules beside this one."""

from __future__ import annotations

from sheaf.edge.api import Api

api = Api()
