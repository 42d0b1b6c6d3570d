"""The pages, one module for each thing a person goes to."""
