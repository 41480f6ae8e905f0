-- What a next release may add: a column that this one does not know, of the table that every sale is written to.
ALTER TABLE credit ADD COLUMN channel text;
