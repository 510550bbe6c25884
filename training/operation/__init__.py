"""What the people who run an installation look after: the outbox, the audit, and the barriers that anybody reports."""
