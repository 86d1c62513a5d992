"""The evidence pack of one publication: what was said, who approved it, and the history that shows it."""
