"""Every post of a network as it is written, held against the rules of all brands at once: `manage.py listen`.

network ─▶ frames ─▶ posts ─▶ all brands' rules ─▶ each brand's stream source takes in what is its own
                                                └▶ only then the place in the stream moves on
"""
