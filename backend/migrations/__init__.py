"""The database's history. Files are named `0007_add_voucher_scan_id.py`: number, three or four words."""
