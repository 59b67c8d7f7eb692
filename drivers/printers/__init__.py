"""Receipt printers: command bytes, status, transports and the printing thread."""
