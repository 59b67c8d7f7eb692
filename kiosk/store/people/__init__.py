"""Who may sign in, and when somebody is locked out."""
