"""The station's own widgets. Each takes its look from ``kiosk.ui.theme`` alone."""
