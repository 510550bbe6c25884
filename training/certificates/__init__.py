"""Certificates of completion: a register of snapshots, the PDF in each language, and the check by a stranger."""
