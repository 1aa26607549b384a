"""The page at `/planos`: what the creator sells."""
