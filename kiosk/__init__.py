"""The reception station of a child health clinic."""
