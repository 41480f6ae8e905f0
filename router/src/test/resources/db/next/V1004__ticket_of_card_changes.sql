-- A table that this release reads rows of.
ALTER TABLE card_change ADD COLUMN ticket text;
