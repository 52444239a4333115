-- Rows that a background loop could not handle for a reason in the row, and those that wait behind one of them. Staff release them
-- (docs/storage.md, "Parked rows"). Rows of the outbox are moved here; of other sources only the key is kept, and the row stays where it is.
CREATE TABLE parked_row (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source      text    NOT NULL,
    key         text    NOT NULL,
    -- What keeps an order: later rows with one of these keys wait.
    order_keys  text[]  NOT NULL,
    -- Nothing is wrong with this one; it waits for an earlier row.
    waiting     boolean NOT NULL,
    reason      text    NOT NULL,
    kind        text    NOT NULL,
    payload     text    NOT NULL,
    created_at  timestamptz NOT NULL,
    parked_at   timestamptz NOT NULL,
    UNIQUE (source, key)
);

-- An event of a commit with several jackpots is cut in two when one of them waits. Both parts keep the row's id, and are one again when they meet.
CREATE FUNCTION jp_join_recorded(one text, other text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_set(one::jsonb, '{batches}', (one::jsonb -> 'batches') || (other::jsonb -> 'batches'))::text
$$;
