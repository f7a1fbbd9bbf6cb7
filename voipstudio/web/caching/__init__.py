"""What is kept of an answer: in the memory of a process, and in caches on the way to a visitor."""
