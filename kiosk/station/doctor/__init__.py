"""The station's self-examination, and its words for what is wrong."""
