"""Microsoft Teams: Adaptive Cards 1.5 with forms that open in place, and words to our name."""
