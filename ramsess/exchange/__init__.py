"""The exchange workbook (*classeur RAMSESS*, version 1): template, reading, checking,
applying. What was decided where the specification is open: docs/adr/0002-exchange-workbook.md.
"""
