"""The catalogue: what is sold, at which price, taxed how."""
