"""Creators, how they sign in, and the log of what was done."""
