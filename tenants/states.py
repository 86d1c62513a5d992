"""The life of a brand, and which moves are allowed."""

PROVISIONING = "provisioning"
ACTIVE = "active"
SUSPENDED = "suspended"
CLOSED = "closed"

MOVES = {
    PROVISIONING: {ACTIVE, CLOSED},
    ACTIVE: {SUSPENDED, CLOSED},
    SUSPENDED: {ACTIVE, CLOSED},
    CLOSED: set(),
}

WORKING = {ACTIVE}  # listens, publishes, can be written to
READABLE = {ACTIVE, SUSPENDED}  # its people may look, its newsroom stands
