"""Routes, one file a subject; each takes what it needs from `Service` and answers at once."""
