"""Generated people scored by every engine, and compared to the last digit."""
