-- Ids of awards carry the shard and its epoch. A database that was restored to an earlier time, promoted, or copied may drop the same cycle of the
-- same pool again; an award of the same id would then be one that the wallet "has already", and nobody would be paid.

CREATE TABLE shard_epoch (
    epoch             integer     PRIMARY KEY CHECK (epoch > 0),
    -- Whose database it was then: a copy can be started as another shard.
    shard             text        NOT NULL,
    -- Another cluster: restored from a dump, or set up anew.
    system_identifier bigint      NOT NULL,
    -- Another history of the same cluster: recovered to a point in time, or a standby that was promoted.
    timeline          integer     NOT NULL,
    -- Another database, or other tables, in the same cluster: made from a template, or read back from a dump.
    database_oid      oid         NOT NULL,
    table_oid         oid         NOT NULL,
    started_at        timestamptz NOT NULL
);

-- Null for awards from before epochs, whose ids follow from pool and cycle alone.
ALTER TABLE award ADD COLUMN shard_epoch integer REFERENCES shard_epoch (epoch);

-- What the database is now. The timeline is that of the log as it is written, because the control file learns of a promotion only with the
-- checkpoint after it.
CREATE VIEW shard_incarnation AS
SELECT c.system_identifier, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer AS timeline,
       (SELECT oid FROM pg_database WHERE datname = current_database()) AS database_oid, 'shard_epoch'::regclass::oid AS table_oid
FROM pg_control_system() c;

-- The epoch that an award is named in, in the commit of the award. Raises JP040 when it is not the one in force, or the database is not
-- what it was when the epoch began; then a new one must be entered first.
CREATE FUNCTION jp_require_epoch(wanted integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM shard_epoch e JOIN shard_incarnation i USING (system_identifier, timeline, database_oid, table_oid)
                   WHERE e.epoch = wanted AND e.epoch = (SELECT max(epoch) FROM shard_epoch)) THEN
        RAISE EXCEPTION 'shard epoch % is over', wanted USING ERRCODE = 'JP040';
    END IF;
    RETURN wanted;
END $$;
