-- What was agreed with whoever runs a site's internet line, as JSON; all of it optional.
ALTER TABLE sites ADD COLUMN line TEXT NOT NULL DEFAULT '{}';
