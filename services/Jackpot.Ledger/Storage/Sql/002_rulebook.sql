-- The rulebook's state: versions of terms, timed pools and raffles, drops by call, transfers between jackpots, and the audit log.

-- Every version of a jackpot's terms that was ever in force. jackpot.definition stays what it was founded with;
-- jackpot.config_version names the row in force, jackpot.approved what was agreed and has not taken effect in every part.
CREATE TABLE jackpot_terms (
    jackpot         integer NOT NULL REFERENCES jackpot (id),
    version         integer NOT NULL,
    definition      jsonb   NOT NULL,
    -- In force for contributions after this sequence.
    after_sequence  bigint  NOT NULL,
    in_force_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (jackpot, version)
);
INSERT INTO jackpot_terms (jackpot, version, definition, after_sequence) SELECT id, config_version, definition, 0 FROM jackpot;
ALTER TABLE jackpot ADD COLUMN approved jsonb;

ALTER TABLE jackpot_state DROP CONSTRAINT jackpot_state_status_check;
ALTER TABLE jackpot_state ADD CONSTRAINT jackpot_state_status_check CHECK (status IN ('active', 'paused', 'decommissioned'));

-- Instants are milliseconds since 1970 UTC; zero for jackpots without a timed pool, which do not ask for them.
ALTER TABLE pool_state ADD COLUMN opened_at_ms bigint NOT NULL DEFAULT 0,
                       ADD COLUMN tickets_sold bigint NOT NULL DEFAULT 0,
                       ADD COLUMN last_award   bigint NOT NULL DEFAULT 0;
ALTER TABLE cycle ADD COLUMN opened_at_ms bigint NOT NULL DEFAULT 0,
                  ADD COLUMN last_award   bigint NOT NULL DEFAULT 0;
ALTER TABLE batch ADD COLUMN decided_at_ms bigint NOT NULL DEFAULT 0;

ALTER TABLE award ADD COLUMN remainder bigint NOT NULL DEFAULT 0,
                  ADD COLUMN winning_tickets bigint[] NOT NULL DEFAULT '{}';

-- A step is named by the version of the jackpot that it made: a drop by call and a transfer have no sequence of their own.
-- Rows from before versions were kept count downwards from zero.
ALTER TABLE journal ADD COLUMN version bigint, ADD COLUMN transfer bigint NOT NULL DEFAULT 0, ADD COLUMN day date NOT NULL DEFAULT current_date;
UPDATE journal SET version = -sequence - 1;
ALTER TABLE journal ALTER COLUMN version SET NOT NULL, DROP CONSTRAINT journal_pkey, ADD PRIMARY KEY (pool, version, kind);
ALTER TABLE journal DROP CONSTRAINT journal_check, DROP CONSTRAINT journal_kind_check;
ALTER TABLE journal ADD CONSTRAINT journal_sums_to_zero CHECK (players + increment + seed + reserve + overflow + house + awards + transfer = 0),
                    ADD CONSTRAINT journal_kind_check CHECK (kind IN ('batch', 'seed', 'call', 'transfer', 'funding'));

-- Changes of terms: written by one person, decided by another. before_version is the version that the author saw.
CREATE TABLE config_change (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    jackpot         integer NOT NULL REFERENCES jackpot (id),
    status          text    NOT NULL CHECK (status IN ('draft', 'proposed', 'approved', 'effective', 'rejected', 'withdrawn')),
    before_version  integer NOT NULL,
    after           jsonb   NOT NULL,
    author          text    NOT NULL,
    why             text    NOT NULL,
    decided_by      text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    changed_at      timestamptz NOT NULL DEFAULT now()
);
-- Only one change at a time waits to take effect, so that nobody approves terms that another approval has moved.
CREATE UNIQUE INDEX config_change_pending ON config_change (jackpot) WHERE status = 'approved';

-- The audit log: a hash chain, written in the transaction of what it tells; entries are never changed.
CREATE TABLE audit_entry (
    number          bigint PRIMARY KEY,
    at_ms           bigint NOT NULL,
    component       text   NOT NULL,
    action          text   NOT NULL,
    person          text   NOT NULL,
    authorised_by   text   NOT NULL,
    why             text   NOT NULL,
    before          text   NOT NULL,
    after           text   NOT NULL,
    previous        bytea  NOT NULL CHECK (length(previous) = 32),
    hash            bytea  NOT NULL CHECK (length(hash) = 32)
);
CREATE FUNCTION jp_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION jp_refuse_change();

-- The books by pool: closing = opening (nothing) + contributions + house seeded - awarded + transferred in - out, exactly.
DROP VIEW balancing;
CREATE VIEW balancing AS
SELECT p.pool_id,
       s.increment + s.seed + s.reserve + s.overflow AS closing,
       -t.players AS contributions,
       -t.house   AS house_seeded,
       t.awards   AS awarded,
       -t.transfer AS transferred,
       (s.increment + s.seed + s.reserve + s.overflow) - (-t.players - t.house - t.awards - t.transfer) AS difference,
       s.increment - t.increment AS increment_difference,
       s.seed - t.seed           AS seed_difference,
       s.reserve - t.reserve     AS reserve_difference,
       s.overflow - t.overflow   AS overflow_difference
FROM pool p
JOIN pool_state s USING (id)
JOIN LATERAL (
    SELECT coalesce(sum(players), 0)::bigint AS players, coalesce(sum(house), 0)::bigint AS house,
           coalesce(sum(awards), 0)::bigint AS awards, coalesce(sum(increment), 0)::bigint AS increment,
           coalesce(sum(seed), 0)::bigint AS seed, coalesce(sum(reserve), 0)::bigint AS reserve,
           coalesce(sum(overflow), 0)::bigint AS overflow, coalesce(sum(transfer), 0)::bigint AS transfer
    FROM journal j WHERE j.pool = p.id) t ON true;
