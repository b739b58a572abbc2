"""Which records may be the same person: pure functions of names, dates and contacts."""
