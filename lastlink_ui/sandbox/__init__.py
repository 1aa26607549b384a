"""A stand-in for Stripe that runs beside the product: own process, own file, nothing shared with the rest."""
