"""Our own HTTP routes, in the order in which they are tried; pages and files come after them."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

ROUTES: Sequence[BaseRoute] = ()
