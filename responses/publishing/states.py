"""The life of a publication: an outbox row with three possible ends."""

QUEUED, SENDING = "queued", "sending"
PUBLISHED, FAILED, UNKNOWN, CANCELLED, BLOCKED = "published", "failed", "unknown", "cancelled", "blocked"
PUBLICATION_MOVES = {
    QUEUED: {SENDING, CANCELLED, BLOCKED},
    SENDING: {PUBLISHED, FAILED, UNKNOWN, QUEUED, BLOCKED},  # queued: a failure that trying again may mend
    UNKNOWN: {PUBLISHED, QUEUED, FAILED},  # read back, or decided by a person
    FAILED: {QUEUED, CANCELLED},
    BLOCKED: {CANCELLED},  # the text is not the approved one: only a new revision can go out
    PUBLISHED: set(),
    CANCELLED: {QUEUED},  # never tried, and people let all of it out after all
}
OPEN = [QUEUED, SENDING, UNKNOWN]  # not over; a list, since an index is made with it
