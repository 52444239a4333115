-- Storage that stays small. Idempotency keys live in windows: one window is open and takes every key, closed ones never change again and
-- are dropped whole when no request that the doors accept can repeat what they hold.

CREATE TABLE dedupe_window (
    number      integer     PRIMARY KEY,
    opened_at   timestamptz NOT NULL,
    closed_at   timestamptz,
    dropped_at  timestamptz,
    -- What the window's keys look like from afar, once it is closed; see KeyFilter.
    filter      bytea,
    CHECK (closed_at >= opened_at),
    CHECK (dropped_at IS NULL OR closed_at IS NOT NULL)
);
ALTER TABLE dedupe_window ALTER COLUMN filter SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX dedupe_window_open ON dedupe_window ((true)) WHERE closed_at IS NULL;

ALTER TABLE dedupe RENAME TO dedupe_before;
ALTER INDEX dedupe_pkey RENAME TO dedupe_before_pkey;

-- Who sent what, exactly once: the first 16 bytes of SHA-256 over tenant and key, and of the body. Unique inside a window by the index
-- of its partition, and across windows because whoever inserts has looked into the closed ones (jp_enter_dedupe_window).
CREATE TABLE dedupe (
    key16       uuid    NOT NULL,
    body16      uuid    NOT NULL,
    sequence    bigint  NOT NULL,
    jackpot     integer NOT NULL,
    in_window   integer NOT NULL
) PARTITION BY LIST (in_window);

-- Attached, not created as a partition: ATTACH does not wait for readers and writers of the other partitions.
CREATE FUNCTION jp_create_dedupe_window(n integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('dedupe_' || n) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE dedupe, PRIMARY KEY (key16))', 'dedupe_' || n);
        EXECUTE format('ALTER TABLE dedupe ATTACH PARTITION %I FOR VALUES IN (%s)', 'dedupe_' || n, n);
    END IF;
END $$;

SELECT jp_create_dedupe_window(1);
INSERT INTO dedupe_window (number, opened_at) VALUES (1, now());
INSERT INTO dedupe (key16, body16, sequence, jackpot, in_window) SELECT key16, body16, sequence, jackpot, 1 FROM dedupe_before;
DROP TABLE dedupe_before;

-- Rows that hold one of the keys: all keys in windows from first_whole on, and each suspect in the window that it is suspected in.
-- Text statements with the number in them, so that only the one partition is planned, locked and opened.
CREATE FUNCTION jp_find_keys(keys uuid[], first_whole integer, suspects uuid[], suspect_windows integer[]) RETURNS SETOF dedupe LANGUAGE plpgsql AS $$
DECLARE
    n      integer;
    wanted uuid[];
BEGIN
    FOR n, wanted IN
        SELECT w.number, keys FROM dedupe_window w WHERE w.number >= first_whole AND w.dropped_at IS NULL
        UNION ALL
        SELECT s.n, array_agg(s.key16) FROM unnest(suspect_windows, suspects) AS s (n, key16) WHERE s.n < first_whole GROUP BY s.n
    LOOP
        RETURN QUERY EXECUTE format('SELECT * FROM dedupe WHERE in_window = %s AND key16 = ANY ($1)', n) USING wanted;
    END LOOP;
END $$;

-- The door of every insert into dedupe. Until the caller's transaction ends, the window it names stays open (jp_close_dedupe_window
-- waits), so all inserts at any moment go to one window and meet in its unique index; and what the caller could not rule out in closed
-- windows is looked up here. Raises JP002 when another window is open, unique_violation when a closed window holds one of the keys.
CREATE FUNCTION jp_enter_dedupe_window(wanted integer, suspects uuid[], suspect_windows integer[]) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(x'4A5057494E444F57'::bigint); -- "JPWINDOW"
    IF NOT EXISTS (SELECT FROM dedupe_window WHERE number = wanted AND closed_at IS NULL) THEN
        RAISE EXCEPTION 'dedupe window % is not the open one', wanted USING ERRCODE = 'JP002';
    END IF;
    IF cardinality(suspects) > 0 AND EXISTS (SELECT FROM jp_find_keys('{}', wanted + 1, suspects, suspect_windows)) THEN
        RAISE unique_violation USING MESSAGE = 'a closed dedupe window holds one of the keys';
    END IF;
    RETURN wanted;
END $$;

-- Closes a window and opens the next. The caller sets lock_timeout: while this waits for commits in flight, later ones wait behind it.
-- Does nothing when the window is closed already.
CREATE FUNCTION jp_close_dedupe_window(n integer, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(x'4A504B4545504552'::bigint); -- "JPKEEPER": one replica at a time
    IF EXISTS (SELECT FROM dedupe_window WHERE number = n AND closed_at IS NULL) THEN
        PERFORM jp_create_dedupe_window(n + 1);
        PERFORM pg_advisory_xact_lock(x'4A5057494E444F57'::bigint);
        UPDATE dedupe_window SET closed_at = greatest(at, opened_at) WHERE number = n;
        INSERT INTO dedupe_window (number, opened_at) SELECT n + 1, closed_at FROM dedupe_window WHERE number = n;
    END IF;
END $$;

-- Drops the windows that were closed before an instant. By the caller's clock or the database's, whichever is behind: one clock that
-- runs ahead must not make the shard forget.
CREATE FUNCTION jp_drop_dedupe_windows(keep interval, at timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    n       integer;
    dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(x'4A504B4545504552'::bigint);
    FOR n IN SELECT number FROM dedupe_window WHERE dropped_at IS NULL AND closed_at < least(at, clock_timestamp()) - keep ORDER BY number LOOP
        EXECUTE format('DROP TABLE %I', 'dedupe_' || n);
        UPDATE dedupe_window SET dropped_at = at, filter = NULL WHERE number = n;
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;

-- As 001 made it, but attached: CREATE TABLE ... PARTITION OF waits for every reader of contributions, and all commits wait behind it.
CREATE OR REPLACE FUNCTION jp_create_contribution_partition(d date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := 'contribution_' || to_char(d, 'YYYYMMDD');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('jp_create_contribution_partition'));
    IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE contribution INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', name);
        EXECUTE format('ALTER TABLE contribution ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, d, d + 1);
    END IF;
END $$;

-- What comes and goes by the thousand: vacuum by count, so that dead rows never outnumber what a relay or a commit has to step over.
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
                        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000,
                        toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 5000);

-- Days of contributions that were written to files. exported: the file is whole. verified: it was compared with the table. leaving: the
-- table's rows can go at any moment. dropped: only the file is left. restored: read back from the file, for a while. A row that leaves
-- 'dropped' and 'leaving' alone has its contributions in the table.
CREATE TABLE archived_partition (
    day         date    PRIMARY KEY,
    state       text    NOT NULL CHECK (state IN ('exported', 'verified', 'leaving', 'dropped', 'restored')),
    file        text    NOT NULL,
    sha256      bytea   NOT NULL CHECK (length(sha256) = 32),
    bytes       bigint  NOT NULL,
    rows        bigint  NOT NULL,
    changed_at  timestamptz NOT NULL,
    -- When somebody last asked for rows that only the file has; they are read back until nobody has asked for a while.
    wanted_at   timestamptz,
    -- Why the file could not be read back; cleared when it could.
    fault       text
);
