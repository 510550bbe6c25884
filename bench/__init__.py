"""The benchmark: what a journey costs, as a ratio to a bare Flask application on the same server in the same run."""
