"""The till: what runs beside the shop's cash register."""
