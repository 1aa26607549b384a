"""The page at `/configuracoes`: the account, and where it is signed in."""
