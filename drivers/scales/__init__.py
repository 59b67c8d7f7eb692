"""Scale protocols, one file each."""
