"""Accounts of the console: people of the credit office and of the units, who sign in with a password
and a second factor.

An account belongs to the office (limited to a district or not) or to one unit, and has roles; what a
role may do stands in `roles.py`. An administrator has one of three roles which exclude each other. A
session is a cookie, and ends by itself when it is idle or a working day old. What an account may see
and change is left to the other parts; they declare the permission of each route.
"""
