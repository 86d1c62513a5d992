"""The life of a statement, of the review of one revision, and of its steps."""

# Statement
DRAFT, IN_REVIEW, CHANGES_REQUESTED = "draft", "in_review", "changes_requested"
APPROVED, PUBLISHED, WITHDRAWN = "approved", "published", "withdrawn"
STATEMENT_MOVES = {
    DRAFT: {IN_REVIEW, WITHDRAWN},
    IN_REVIEW: {DRAFT, CHANGES_REQUESTED, APPROVED, WITHDRAWN},  # draft: an edit voids the review
    CHANGES_REQUESTED: {DRAFT, IN_REVIEW, WITHDRAWN},
    APPROVED: {DRAFT, PUBLISHED, WITHDRAWN},
    PUBLISHED: set(),
    WITHDRAWN: set(),
}
EDITABLE = {DRAFT, IN_REVIEW, CHANGES_REQUESTED, APPROVED}

# Review
RUNNING, PASSED, RETURNED, VOIDED = "running", "passed", "returned", "voided"
REVIEW_MOVES = {RUNNING: {PASSED, RETURNED, VOIDED}, PASSED: {VOIDED}, RETURNED: {VOIDED}, VOIDED: set()}

# Step
WAITING, ACTIVE, STEP_PASSED, STEP_RETURNED, CANCELLED = (
    "waiting",
    "active",
    "passed",
    "returned",
    "cancelled",
)
STEP_MOVES = {
    WAITING: {ACTIVE, CANCELLED},
    ACTIVE: {STEP_PASSED, STEP_RETURNED, CANCELLED},
    STEP_PASSED: set(),
    STEP_RETURNED: set(),
    CANCELLED: set(),
}

# Glass: a stand-by text let out at Critical by two people
ASKED, LAPSED, BROKEN, UPHELD, REGRETTED = "asked", "lapsed", "broken", "upheld", "regretted"
GLASS_MOVES = {
    ASKED: {LAPSED, BROKEN},
    LAPSED: set(),
    BROKEN: {UPHELD, REGRETTED},
    UPHELD: set(),
    REGRETTED: set(),
}
LET_OUT = (BROKEN, UPHELD, REGRETTED)
# Comment; only a suggestion is applied or declined
OPEN, RESOLVED, APPLIED, DECLINED = "open", "resolved", "applied", "declined"
COMMENT_MOVES = {OPEN: {RESOLVED, APPLIED, DECLINED}, RESOLVED: {OPEN}, APPLIED: set(), DECLINED: {OPEN}}
