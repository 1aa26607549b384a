"""The page at `/pagina`: the link that the creator shares."""
