"""The page at `/lista`: what is to be done by hand in the creator's list."""
