"""The office's pages, over the interface."""
