"""What happened, told to people: live lines, verdicts, deliveries that failed, and the story of a failed test."""
