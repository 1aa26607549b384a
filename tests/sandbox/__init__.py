"""The sandbox's behaviour, as the provider's official client and a browser see it."""
