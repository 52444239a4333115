-- Which kinds of contribution ids a window holds: such that are their contributions' keys, and others. Nearly every caller sends one kind only; then
-- no key of the window can be another's id, and commits need not look. Without a unique index, so that nobody waits for another's commit: the
-- first commits of a window may each leave a row.
CREATE TABLE dedupe_kind (
    in_window     integer NOT NULL,
    ids_are_keys  boolean NOT NULL
);

-- Batches read by index alone: to them a table without one looks so dear that PostgreSQL compiles the query.
CREATE INDEX dedupe_kind_by_window ON dedupe_kind (in_window);

-- Of a window that had rows before this it is not known.
INSERT INTO dedupe_kind (in_window, ids_are_keys)
SELECT number, unnest(ARRAY[true, false]) FROM dedupe_window w WHERE closed_at IS NULL AND EXISTS (SELECT FROM dedupe d WHERE d.in_window = w.number);

-- As in 052; answers whether the window holds both kinds, counting what the caller brings.
CREATE FUNCTION jp_enter_dedupe_window(wanted integer, suspects uuid[], suspect_windows integer[], id_suspects uuid[], id_suspect_windows integer[],
                                       brings_keys boolean, brings_others boolean) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    has_keys   boolean;
    has_others boolean;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(x'4A5057494E444F57'::bigint); -- "JPWINDOW"
    IF NOT EXISTS (SELECT FROM dedupe_window WHERE number = wanted AND closed_at IS NULL) THEN
        RAISE EXCEPTION 'dedupe window % is not the open one', wanted USING ERRCODE = 'JP002';
    END IF;
    IF cardinality(suspects) + cardinality(id_suspects) > 0
       AND EXISTS (SELECT FROM jp_find_keys('{}', '{}', wanted + 1, suspects, suspect_windows, id_suspects, id_suspect_windows)) THEN
        RAISE unique_violation USING MESSAGE = 'a closed dedupe window holds one of the keys or contribution ids';
    END IF;

    -- Whoever does not see a kind yet sees none of the rows that came with it either.
    SELECT coalesce(bool_or(ids_are_keys), false), coalesce(bool_or(NOT ids_are_keys), false) INTO has_keys, has_others
    FROM dedupe_kind WHERE in_window = wanted;
    IF brings_keys AND NOT has_keys THEN
        INSERT INTO dedupe_kind VALUES (wanted, true);
    END IF;
    IF brings_others AND NOT has_others THEN
        INSERT INTO dedupe_kind VALUES (wanted, false);
    END IF;
    RETURN (has_keys OR brings_keys) AND (has_others OR brings_others);
END $$;

-- For callers that do not say what they bring.
CREATE OR REPLACE FUNCTION jp_enter_dedupe_window(wanted integer, suspects uuid[], suspect_windows integer[], id_suspects uuid[], id_suspect_windows integer[])
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jp_enter_dedupe_window(wanted, suspects, suspect_windows, id_suspects, id_suspect_windows, true, true);
    RETURN wanted;
END $$;

-- As in 052; what was told of older windows is of no use any more.
CREATE OR REPLACE FUNCTION jp_create_dedupe_window(n integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM dedupe_kind WHERE in_window < n - 1;
    IF to_regclass('dedupe_' || n) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE dedupe, PRIMARY KEY (key16))', 'dedupe_' || n);
        PERFORM jp_index_contribution_ids(n);
        EXECUTE format('ALTER TABLE dedupe ATTACH PARTITION %I FOR VALUES IN (%s)', 'dedupe_' || n, n);
    END IF;
END $$;
