"""Clients: those whose books a workspace keeps."""
