"""What the operating system has to say: clocks, the service's unit, the log."""
