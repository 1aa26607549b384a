"""Which first path segments are ours and which are creators' handles."""

import re

# Every first segment that is served, or may come to be; a creator's handle is never one of them.
# A test compares this list with the routes that exist.
RESERVED_SEGMENTS = frozenset(
    {
        "_event",
        "_health",
        "_upload",
        "acesso",
        "admin",
        "ajuda",
        "api",
        "app",
        "assets",
        "assinantes",
        "auth-codespace",
        "assinar",
        "blog",
        "configuracoes",
        "contato",
        "conta",
        "entrar",
        "exportar",
        "favicon.ico",
        "favicon.svg",
        "health",
        "healthz",
        "importar",
        "index",
        "lastlink",
        "lista",
        "login",
        "logout",
        "metrics",
        "minha-assinatura",
        "obrigado",
        "pagina",
        "ping",
        "planos",
        "precos",
        "privacidade",
        "readyz",
        "redefinir-senha",
        "robots.txt",
        "sair",
        "sitemap.xml",
        "sobre",
        "static",
        "stripe",
        "suporte",
        "termos",
        "webhooks",
        "www",
    }
)

_FILE_ENDINGS = (
    "avif|bmp|br|css|csv|gif|gz|htm|html|ico|jpeg|jpg|js|json|map|md|mjs|pdf|php|png|svg|txt|webmanifest|webp"
    "|woff|woff2|xml|zip"
)

# 3 to 30 of a-z, 0-9, dot, underscore; no dot at an end, no two together, not ending like a file.
HANDLE_PATTERN = (
    r"(?=[a-z0-9._]{3,30}(?![a-z0-9._]))"
    r"(?!\.)(?![a-z0-9._]*\.\.)(?![a-z0-9._]*\.(?![a-z0-9._]))"
    rf"(?![a-z0-9._]*\.(?:{_FILE_ENDINGS})(?![a-z0-9._]))"
    r"[a-z0-9._]+"
)

_HANDLE = re.compile(HANDLE_PATTERN)


def is_handle(text: str) -> bool:
    """Whether a creator may be called `text` and have the public page at `/<text>`."""
    return text not in RESERVED_SEGMENTS and _HANDLE.fullmatch(text) is not None
