-- A table that this release reads rows of.
ALTER TABLE resolution ADD COLUMN ticket text;
