"""What `plan` works with: a document made ready, the facts of one enrolment, what concerns whom."""
