"""The report for people: one page of HTML that needs nothing beside it, with a picture of what happened and when."""
