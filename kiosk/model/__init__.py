"""What a visit is made of: child, numbers, quantities, values, messages. Pure."""
