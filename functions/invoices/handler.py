"""Billing: customers, the catalogue, the settings, and what is issued."""

from __future__ import annotations

from functions.invoices import catalogue, customers, documents, recurring, settings, steps
from functions.invoices.routes import api

__all__ = ["api", "catalogue", "customers", "documents", "handler", "recurring", "settings", "steps"]

handler = api.handler
