"""What was done, by whom, to what; and who looked at a person's data.

Events are written in the transaction of the change and never altered: the database refuses it. They
hold ids and codes, nothing personal. The access log is what a resident reads about looks at their data.
"""
