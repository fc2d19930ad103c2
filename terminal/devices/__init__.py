"""Barcode scanners: bytes from a port, or keys typed faster than a person can, become scans."""
