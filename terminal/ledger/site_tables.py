"""What a till with a site keeps besides the replica: grants, names of holders, and requests to the site.

`site_version` and `site_epoch` are the site's number of the change that a customer was last told by, and which
beginning of its feed that was; `site_seq` is the own entry up to which those figures count. `elsewhere` is JSON:
[[holder, points], ...].
"""

SITE_TABLES = """
ALTER TABLE customer ADD COLUMN site_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN site_epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN site_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN tier TEXT;
ALTER TABLE customer ADD COLUMN merged_into TEXT;
ALTER TABLE customer ADD COLUMN elsewhere TEXT;
ALTER TABLE staff ADD COLUMN from_site INTEGER NOT NULL DEFAULT 0 CHECK (from_site IN (0, 1));
CREATE TABLE lease_grant (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    customer_id TEXT NOT NULL,
    lots TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE holder (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('phone', 'card', 'points')),
    value TEXT NOT NULL,
    points INTEGER NOT NULL DEFAULT 0,
    asked_ms INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'answered', 'failed', 'given_up')),
    answer TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX request_waiting ON request (id) WHERE state = 'waiting';
"""
