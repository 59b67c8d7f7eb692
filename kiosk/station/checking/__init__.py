"""What is looked at in a configuration before anything is opened."""
