"""The audiometer's folder and protocols, beside the desk."""
