"""The main journeys in Chromium, Firefox and WebKit, by `make engines`; not in the suite."""
