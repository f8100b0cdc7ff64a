"""Suppliers: who sends the documents, and what approved corrections have taught about each of them."""
