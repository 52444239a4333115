-- One contribution, one effect: the contribution id is unique per tenant in the same windows as the idempotency key.
--
-- id16 is the hash of tenant and contribution id; where the caller uses one text for both, key16 says it already and id_is_key is set instead,
-- so that such callers pay for one entry of one index. Both are null in rows from before this and in the further parts of a bet that
-- reaches several jackpots. key16 and id16 are told apart by their column: a key and an id that happen to be the same text are not the same thing.
ALTER TABLE dedupe ADD COLUMN id16 uuid, ADD COLUMN id_is_key boolean;

-- The body's hash stands beside the contribution or, while there is none, in the quarantine.
ALTER TABLE dedupe DROP COLUMN body16;

-- Windows from before this hold no ids and have no index to look for them.
ALTER TABLE dedupe_window ADD COLUMN has_ids boolean NOT NULL DEFAULT false;

CREATE FUNCTION jp_index_contribution_ids(n integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE UNIQUE INDEX IF NOT EXISTS %I ON %I (id16) WHERE id16 IS NOT NULL', 'dedupe_' || n || '_id16', 'dedupe_' || n);
END $$;

SELECT jp_index_contribution_ids(number) FROM dedupe_window WHERE closed_at IS NULL;
UPDATE dedupe_window SET has_ids = true WHERE closed_at IS NULL;
ALTER TABLE dedupe_window ALTER COLUMN has_ids SET DEFAULT true;

CREATE OR REPLACE FUNCTION jp_create_dedupe_window(n integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('dedupe_' || n) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE dedupe, PRIMARY KEY (key16))', 'dedupe_' || n);
        PERFORM jp_index_contribution_ids(n);
        EXECUTE format('ALTER TABLE dedupe ATTACH PARTITION %I FOR VALUES IN (%s)', 'dedupe_' || n, n);
    END IF;
END $$;

-- Rows under one of the keys or of one of the contribution ids: all in windows from first_whole on, and each suspect in the window that it is
-- suspected in.
DROP FUNCTION jp_find_keys(uuid[], integer, uuid[], integer[]);
CREATE FUNCTION jp_find_keys(keys uuid[], ids uuid[], first_whole integer, suspects uuid[], suspect_windows integer[],
                             id_suspects uuid[], id_suspect_windows integer[]) RETURNS SETOF dedupe LANGUAGE plpgsql AS $$
DECLARE
    n           integer;
    with_ids    boolean;
    wanted      uuid[];
    wanted_ids  uuid[];
BEGIN
    FOR n, with_ids, wanted, wanted_ids IN
        SELECT w.number, w.has_ids, keys, ids FROM dedupe_window w WHERE w.number >= first_whole AND w.dropped_at IS NULL
        UNION ALL
        SELECT w.number, w.has_ids, array_agg(s.hash16) FILTER (WHERE NOT s.is_id), array_agg(s.hash16) FILTER (WHERE s.is_id)
        FROM (SELECT *, false FROM unnest(suspect_windows, suspects)
              UNION ALL SELECT *, true FROM unnest(id_suspect_windows, id_suspects)) AS s (n, hash16, is_id)
        JOIN dedupe_window w ON w.number = s.n
        WHERE s.n < first_whole AND w.dropped_at IS NULL GROUP BY w.number
    LOOP
        IF with_ids AND cardinality(wanted_ids) > 0 THEN
            RETURN QUERY EXECUTE format('SELECT * FROM dedupe WHERE in_window = %1$s AND key16 = ANY ($1)
                UNION SELECT * FROM dedupe WHERE in_window = %1$s AND id16 = ANY ($2) AND id16 IS NOT NULL
                UNION SELECT * FROM dedupe WHERE in_window = %1$s AND key16 = ANY ($2) AND id_is_key', n) USING wanted, wanted_ids;
        ELSIF cardinality(wanted) > 0 THEN
            RETURN QUERY EXECUTE format('SELECT * FROM dedupe WHERE in_window = %s AND key16 = ANY ($1)', n) USING wanted;
        END IF;
    END LOOP;
END $$;

DROP FUNCTION jp_enter_dedupe_window(integer, uuid[], integer[]);
CREATE FUNCTION jp_enter_dedupe_window(wanted integer, suspects uuid[], suspect_windows integer[], id_suspects uuid[], id_suspect_windows integer[])
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(x'4A5057494E444F57'::bigint); -- "JPWINDOW"
    IF NOT EXISTS (SELECT FROM dedupe_window WHERE number = wanted AND closed_at IS NULL) THEN
        RAISE EXCEPTION 'dedupe window % is not the open one', wanted USING ERRCODE = 'JP002';
    END IF;
    IF cardinality(suspects) + cardinality(id_suspects) > 0
       AND EXISTS (SELECT FROM jp_find_keys('{}', '{}', wanted + 1, suspects, suspect_windows, id_suspects, id_suspect_windows)) THEN
        RAISE unique_violation USING MESSAGE = 'a closed dedupe window holds one of the keys or contribution ids';
    END IF;
    RETURN wanted;
END $$;

-- Raised where a key of the open window is the contribution id of another row, or the other way round, which no index can refuse.
CREATE FUNCTION jp_refuse_contribution_id() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE unique_violation USING MESSAGE = 'the open dedupe window holds one of the contribution ids';
END $$;

ALTER TABLE quarantine ADD COLUMN id16 uuid;
CREATE INDEX quarantine_by_id16 ON quarantine (id16) WHERE id16 IS NOT NULL;

-- The plan of a bet that reaches several jackpots is found by its contribution id as well; the keys of its parts follow from its first key.
ALTER TABLE fan_out ADD COLUMN id16 uuid, ADD COLUMN idempotency_key text;
CREATE UNIQUE INDEX fan_out_by_id16 ON fan_out (id16) WHERE id16 IS NOT NULL;
