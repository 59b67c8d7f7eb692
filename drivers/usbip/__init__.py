"""USB/IP in user space: devices on another machine or simulated ones, without root."""
