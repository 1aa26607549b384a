"""The fan's own page, at `/minha-assinatura`."""
