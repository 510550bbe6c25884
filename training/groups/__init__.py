"""Rooms of training groups: joining, inviting, leading one, holding its sessions. What a group asks is settled here."""
