"""Mails of what was issued: written, handed over once, and what became of them."""
