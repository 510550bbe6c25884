"""The outbox: letters are written in the transaction of the act that causes them, and pushed by a process apart."""
