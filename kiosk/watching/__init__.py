"""What somebody who looks after many stations may see of one: counters and ages, never a person."""
