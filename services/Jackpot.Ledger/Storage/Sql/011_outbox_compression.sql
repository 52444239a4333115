-- The event of a batch of many jackpots is long enough to be compressed. lz4 takes a fraction of the default's time; a server that was
-- built without it keeps the default.
DO $$ BEGIN
    ALTER TABLE outbox ALTER COLUMN payload SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END $$;
