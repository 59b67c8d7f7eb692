"""The texts a person reads, in the languages there are."""
