"""What the `lastlink` command does, a module each."""
