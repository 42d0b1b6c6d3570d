"""What `make check` asks of the code beyond lint and types: budgets, places, locks, addresses."""
