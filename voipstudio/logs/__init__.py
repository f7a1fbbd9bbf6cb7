"""What the site says of itself: log lines and error reports, with nothing of a person (I21)."""
