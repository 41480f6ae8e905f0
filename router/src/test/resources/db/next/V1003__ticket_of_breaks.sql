-- A table that this release reads rows of.
ALTER TABLE settlement_break ADD COLUMN ticket text;
