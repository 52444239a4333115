-- Which replica commits a batcher's jackpots by itself. A row is only ever replaced by one with a higher epoch. It makes commits fast, not
-- right: that two replicas never both win is the work of the fence on jackpot_state.version. One row per batcher, of which there are few.
CREATE TABLE batcher_owner (
    batcher     text        NOT NULL PRIMARY KEY,
    epoch       bigint      NOT NULL CHECK (epoch > 0),
    replica     uuid        NOT NULL,
    -- Where that replica takes the batches of others, and the proof that a sender may read this row.
    address     text        NOT NULL,
    token       uuid        NOT NULL,
    taken_at    timestamptz NOT NULL DEFAULT now()
);
