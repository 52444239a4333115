-- Whether a window holds contribution ids that are their contributions' keys, and whether it holds others. Nearly every caller sends one kind
-- only; then no key of the window can be another's id, and commits need not look. Of a window that had rows
-- before this it is not known.
ALTER TABLE dedupe_window
    ADD COLUMN has_ids_that_are_keys boolean NOT NULL DEFAULT false,
    ADD COLUMN has_ids_of_their_own  boolean NOT NULL DEFAULT false;
UPDATE dedupe_window w SET has_ids_that_are_keys = true, has_ids_of_their_own = true
WHERE closed_at IS NULL AND EXISTS (SELECT FROM dedupe d WHERE d.in_window = w.number);

-- As in 052; says whether the window holds both kinds, counting what the caller brings.
CREATE FUNCTION jp_enter_dedupe_window(wanted integer, suspects uuid[], suspect_windows integer[], id_suspects uuid[], id_suspect_windows integer[],
                                       ids_are_keys boolean, ids_are_their_own boolean) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    holds_both boolean;
BEGIN
    IF EXISTS (SELECT FROM dedupe_window WHERE number = wanted AND closed_at IS NULL
               AND (ids_are_keys AND NOT has_ids_that_are_keys OR ids_are_their_own AND NOT has_ids_of_their_own)) THEN
        -- The first of its kind goes in alone, so that whoever comes after it knows.
        PERFORM pg_advisory_xact_lock(x'4A5057494E444F57'::bigint); -- "JPWINDOW"
        UPDATE dedupe_window SET has_ids_that_are_keys = has_ids_that_are_keys OR ids_are_keys,
                                 has_ids_of_their_own = has_ids_of_their_own OR ids_are_their_own
        WHERE number = wanted AND closed_at IS NULL;
    ELSE
        PERFORM pg_advisory_xact_lock_shared(x'4A5057494E444F57'::bigint);
    END IF;

    SELECT has_ids_that_are_keys AND has_ids_of_their_own INTO holds_both FROM dedupe_window WHERE number = wanted AND closed_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'dedupe window % is not the open one', wanted USING ERRCODE = 'JP002';
    END IF;
    IF cardinality(suspects) + cardinality(id_suspects) > 0
       AND EXISTS (SELECT FROM jp_find_keys('{}', '{}', wanted + 1, suspects, suspect_windows, id_suspects, id_suspect_windows)) THEN
        RAISE unique_violation USING MESSAGE = 'a closed dedupe window holds one of the keys or contribution ids';
    END IF;
    RETURN holds_both;
END $$;

-- For callers that do not say what they bring.
CREATE OR REPLACE FUNCTION jp_enter_dedupe_window(wanted integer, suspects uuid[], suspect_windows integer[], id_suspects uuid[], id_suspect_windows integer[])
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jp_enter_dedupe_window(wanted, suspects, suspect_windows, id_suspects, id_suspect_windows, true, true);
    RETURN wanted;
END $$;
