"""The page that a fan comes back to after paying, at `/obrigado/<token>`."""
