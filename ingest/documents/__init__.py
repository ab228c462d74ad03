"""Documents become candidate claims: read, cleaned with a way back to the original, understood by rules, reviewed, loaded."""
