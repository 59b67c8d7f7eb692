"""The pure core: what is measured, for whom, by which rules. No I/O and no clock."""
