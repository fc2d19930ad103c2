"""The reference site: the one master of points, and the only grantor of leases."""
