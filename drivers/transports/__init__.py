"""Byte transports: serial, pty, TCP and replay."""
