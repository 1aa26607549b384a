"""Money and access: what is asked of the provider, what it says, and what follows from it."""
