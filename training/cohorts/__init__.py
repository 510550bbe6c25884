"""Training groups: their members, dates and privacy mode; and the scope, which people a trainer may see."""
