"""Persons, their accounts and sign-ins, the roles they hold, and the local authorities they belong to."""
