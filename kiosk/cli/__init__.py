"""The commands of ``kiosk``."""
