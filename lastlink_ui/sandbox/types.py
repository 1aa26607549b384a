"""The one loose type of the sandbox: a provider object as it travels in JSON."""

from typing import Any

# Objects are Stripe's, with dozens of open-ended fields each; their shapes are checked by the contract tests.
Obj = dict[str, Any]
