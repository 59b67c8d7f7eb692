"""Device drivers: transports, sans-I/O protocols, links and simulators. Never imports ``kiosk``."""
