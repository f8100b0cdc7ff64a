"""People and readings: claims, corrections, decisions, comments, and the history of all of it."""
