"""The reception desk as a pure state machine: what the screen shows and what may happen next.

``update`` takes the desk, one message and the moment, and gives the next desk and the
effects to carry out. It has no I/O and no clock, so every flow is tested without a screen.
"""
