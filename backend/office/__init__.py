"""The credit office's own work: figures of the city, looking up one resident, lists, settings.

It reads what the other parts give and keeps little: figures per day, who looked up whom, saved views,
exports. It stands above all of them; nobody imports it but `main`.
"""
