"""How good a diagnosis is: cases with their truths, and what a set of them says of accuracy and confidence."""
