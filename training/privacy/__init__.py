"""A person's own data: taking it along, erasing it, and seeing who looked. Both walk the tables' own declarations."""
