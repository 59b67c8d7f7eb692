"""What a person can do at the desk, one feature a module, and the one entrance to it."""
