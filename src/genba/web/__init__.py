"""The page: one more rendering of the card. Settings, urls, layout, live stream, REST."""
