"""Every word of the screen, by the code it stands for."""
