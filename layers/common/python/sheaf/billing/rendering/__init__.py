"""How issued documents look and how machines read them: PDF, Factur-X (CII) and UBL."""
