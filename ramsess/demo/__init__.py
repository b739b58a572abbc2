"""The demo network: twelve structures, two years of invented activity, through the workbooks."""
