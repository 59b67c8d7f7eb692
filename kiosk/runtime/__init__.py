"""What drives the desk: its queue, its loop, and the workers that carry effects out."""
