"""The console's accounts, over the interface."""
