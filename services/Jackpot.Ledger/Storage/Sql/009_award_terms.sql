-- The version of the terms that an award was decided under; null for awards from before this was kept.
ALTER TABLE award ADD COLUMN config_version integer;
