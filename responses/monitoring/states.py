"""States of what monitoring keeps."""

# Source
LISTENING, PAUSED, STOPPED, REMOVED = "listening", "paused", "stopped", "removed"
SOURCE_MOVES = {
    LISTENING: {PAUSED, STOPPED, REMOVED},  # stopped: the other side said it is gone for good
    PAUSED: {LISTENING, REMOVED},
    STOPPED: {LISTENING, REMOVED},
    REMOVED: set(),  # its mentions stay
}

# Mention: what the team has done about it
NEW, SEEN, SET_ASIDE = "new", "seen", "set_aside"

# Alert
OPEN, ACKNOWLEDGED, DISMISSED, ESCALATED = "open", "acknowledged", "dismissed", "escalated"
ALERT_MOVES = {
    OPEN: {ACKNOWLEDGED, DISMISSED, ESCALATED},
    ACKNOWLEDGED: {DISMISSED, ESCALATED},
    DISMISSED: set(),
    ESCALATED: set(),
}
ALERT_LIVE = {OPEN, ACKNOWLEDGED}  # still gathers mentions, still asks for a person
