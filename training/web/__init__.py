"""What every page stands on: layout, languages, guard, forms, error pages, static files."""
