"""An audiogram as a drawing, for the screen and for paper. Pure."""
