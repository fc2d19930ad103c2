"""The till's languages: uk, pl, ru, en."""
