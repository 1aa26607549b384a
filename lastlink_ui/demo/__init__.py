"""Demo data: a creator with subscribers in every state that the product knows."""
