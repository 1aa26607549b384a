"""Fans, their subscriptions and payments, and the list that they are in."""
