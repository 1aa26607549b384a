"""The page at `/entrar`."""
