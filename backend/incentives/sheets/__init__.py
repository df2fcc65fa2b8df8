"""Incentives in sheets (表格): many at once out of the console and, worked on in Excel, in again.

What comes in is read by `core.sheets`, checked cell by cell against the rules of
the editor, and becomes drafts when the person says so; nothing is published by a sheet.
"""
