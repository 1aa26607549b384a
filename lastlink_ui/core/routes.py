"""Every first path segment that is ours: a creator's handle is never one of them."""

# Pages of a signed-in creator; after signing in, a browser is only ever sent to one of these.
DASHBOARD = frozenset({"assinantes", "lista", "planos", "pagina", "configuracoes"})

# Whatever else is served, by us or by Reflex.
SERVED = DASHBOARD | frozenset(
    {
        "_event",
        "_health",
        "_upload",
        "api",
        "assets",
        "auth-codespace",
        "confirmar-email",
        "convite",
        "entrar",
        "exportar",
        "favicon.ico",
        "favicon.svg",
        "healthz",
        "minha-assinatura",
        "obrigado",
        "p",
        "ping",
        "readyz",
        "recuperar",
        "redefinir-senha",
        "robots.txt",
        "sair",
        "sitemap.xml",
        "webhooks",
    }
)

# Not served today, but nobody should be able to pass for the site itself, or block a page to come.
KEPT_FREE = frozenset(
    {
        "_all",
        "acesso",
        "admin",
        "ajuda",
        "app",
        "assinar",
        "blog",
        "contato",
        "conta",
        "health",
        "importar",
        "index",
        "lastlink",
        "login",
        "logout",
        "metrics",
        "precos",
        "privacidade",
        "seguranca",
        "senha",
        "sobre",
        "static",
        "stripe",
        "suporte",
        "termos",
        "www",
    }
)

RESERVED_SEGMENTS = SERVED | KEPT_FREE

# What pages and routes both name.
PICTURE_UPLOAD, PICTURE_FIELD = "/pagina/foto", "foto"
SECOND_STEP = "/configuracoes/duas-etapas"
QR_SVG, QR_PNG = "/pagina/qr.svg", "/pagina/qr.png"
