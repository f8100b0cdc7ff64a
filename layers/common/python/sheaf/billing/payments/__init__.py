"""Money that comes in for issued documents, and goes back."""
