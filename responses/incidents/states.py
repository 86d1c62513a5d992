"""The life of an incident and of a task on its checklist."""

OPEN, ACKNOWLEDGED, CONTAINED, RESOLVED = "open", "acknowledged", "contained", "resolved"
INCIDENT_MOVES = {
    OPEN: {ACKNOWLEDGED, RESOLVED},
    ACKNOWLEDGED: {CONTAINED, RESOLVED},
    CONTAINED: {RESOLVED, ACKNOWLEDGED},
    RESOLVED: {ACKNOWLEDGED},  # reopened
}
LIVE = {OPEN, ACKNOWLEDGED, CONTAINED}

TODO, DONE, SKIPPED = "todo", "done", "skipped"
TASK_MOVES = {TODO: {DONE, SKIPPED}, DONE: {TODO}, SKIPPED: {TODO}}
