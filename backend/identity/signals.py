"""What parts further left hear of: each is sent in the transaction of what it tells."""

from blinker import Signal

# With `resident` and `id_number`: what was waiting for this person is attached.
identity_bound = Signal()
# With `resident_id`, `actor` and `now`: what a phone still holds is good no more.
signed_out = Signal()
# With `resident_id`, `city`, `actor` and `now`: whatever runs for this person ends.
resident_closed = Signal()
