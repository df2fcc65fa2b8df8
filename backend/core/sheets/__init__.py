"""Reading sheets (表格) that a stranger may have made: workbooks and text, cell by cell.

Workbooks are looked at by a program of its own (`opener`), which has neither keys nor database.
"""
