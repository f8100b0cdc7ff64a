"""Customers: whom invoices and estimates are for."""
