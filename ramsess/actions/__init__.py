"""The verbs: the only code that changes records, each in one transaction of its caller."""
