"""What is alike, and who knows it: pure matching of cases and notes, pure choice of whom to ask."""
