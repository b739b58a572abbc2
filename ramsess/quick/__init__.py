"""The quick line: what a phrase says of an act. Pure: no database, no request, no clock."""
