"""The demo story: invented people, brands and words, and a local feed that tells them. No models."""
