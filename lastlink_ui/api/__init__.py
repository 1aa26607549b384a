"""What is answered over HTTP beside Reflex: page shells, files, forms, webhooks, downloads."""
