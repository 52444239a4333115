-- Messages that were refused or could not be read, and events that failed to the end: kept until staff send them again or give them up
-- (docs/rejected.md). Bodies are sealed with the region's key, for they hold players.
CREATE TABLE rejected (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- A keyed hash of topic and body: however often a message comes, it stands here once. Ids that Dapr makes are new at each publish.
    once16       uuid        NOT NULL UNIQUE,
    topic        text        NOT NULL,
    -- What the message said, whether or not there is such a tenant; null when it said nothing readable.
    tenant_id    text,
    reason       text        NOT NULL,
    detail       text        NOT NULL,
    event_id     text        NOT NULL,
    received_at  timestamptz NOT NULL,
    seen         bigint      NOT NULL,
    seen_last_at timestamptz NOT NULL,
    body         bytea       NOT NULL,
    -- Of the body that staff have mended.
    mended       bytea,
    body_bytes   int         NOT NULL,
    attempts     int         NOT NULL DEFAULT 0,
    state        text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'retried', 'dropped')),
    decided_by   text,
    why          text,
    decided_at   timestamptz,
    CHECK ((state = 'waiting') = (decided_at IS NULL))
);

-- How full it is can be read off this alone.
CREATE INDEX rejected_waiting ON rejected (id) INCLUDE (body_bytes) WHERE state = 'waiting';

-- Decided ones are deleted, oldest first; see ExpiredRows.
CREATE INDEX rejected_decided ON rejected (decided_at) WHERE state <> 'waiting';
