-- The ledger of one shard. PostgreSQL is the truth; everything in memory is a cache of these rows.
-- Amounts are bigint micro-units (10^-6) of the jackpot's currency unless a column says otherwise.

CREATE TABLE jackpot (
    id              integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    jackpot_id      text    NOT NULL UNIQUE,
    definition      jsonb   NOT NULL,
    config_version  integer NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now()
);

-- The row every batch updates: small, no index on a changing column (HOT), half empty pages. The version fences writers:
-- whoever commits with a stale version has lost the jackpot to another activation and must reload.
CREATE TABLE jackpot_state (
    id          integer PRIMARY KEY REFERENCES jackpot (id),
    version     bigint  NOT NULL,
    sequence    bigint  NOT NULL,
    chain_head  bytea   NOT NULL CHECK (length(chain_head) = 32),
    status      text    NOT NULL CHECK (status IN ('active', 'paused'))
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE TABLE pool (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pool_id     text    NOT NULL UNIQUE,
    jackpot     integer NOT NULL REFERENCES jackpot (id),
    tier        smallint NOT NULL,
    UNIQUE (jackpot, tier)
);

-- The four balances of a pool: player-funded increment, house seed, reserve for the next seed, overflow above the ceiling.
CREATE TABLE pool_state (
    id          integer PRIMARY KEY REFERENCES pool (id),
    cycle       bigint NOT NULL,
    opened_after_sequence bigint NOT NULL,
    increment   bigint NOT NULL CHECK (increment >= 0),
    seed        bigint NOT NULL CHECK (seed >= 0),
    reserve     bigint NOT NULL CHECK (reserve >= 0),
    overflow    bigint NOT NULL CHECK (overflow >= 0),
    -- What the pool held when its hidden threshold was drawn; the threshold lies above it.
    threshold_above bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- A cycle's secret is sealed (AES-GCM) while it plays; its SHA-256 is public from the start, the secret from the drop on.
CREATE TABLE cycle (
    pool            integer NOT NULL REFERENCES pool (id),
    cycle           bigint  NOT NULL,
    config_version  integer NOT NULL,
    commitment      bytea   NOT NULL CHECK (length(commitment) = 32),
    sealed_secret   bytea   NOT NULL,
    secret          bytea   CHECK (length(secret) = 32),
    opened_at       timestamptz NOT NULL,
    opened_after_sequence bigint NOT NULL,
    opening_increment bigint NOT NULL,
    opening_seed      bigint NOT NULL,
    opening_reserve   bigint NOT NULL,
    opening_overflow  bigint NOT NULL,
    threshold_above   bigint NOT NULL,
    dropped_at      timestamptz,
    dropped_at_sequence bigint,
    PRIMARY KEY (pool, cycle),
    CHECK ((dropped_at_sequence IS NULL) = (secret IS NULL))
);

-- Who sent what, exactly once: the first 16 bytes of SHA-256 over tenant and key, and of the body. Its own table, so that
-- partitions of contributions never weaken it.
CREATE TABLE dedupe (
    key16       uuid    NOT NULL PRIMARY KEY,
    body16      uuid    NOT NULL,
    jackpot     integer NOT NULL,
    sequence    bigint  NOT NULL,
    day         date    NOT NULL
);

CREATE TABLE contribution (
    day             date     NOT NULL,
    jackpot         integer  NOT NULL,
    sequence        bigint   NOT NULL,
    stake           bigint   NOT NULL,
    contribution    bigint   NOT NULL,
    -- Pool amounts after this contribution: 8 bytes big-endian per pool, in tier order; see jp_amounts().
    amounts         bytea    NOT NULL,
    key16           uuid     NOT NULL,
    body16          uuid     NOT NULL,
    tenant_id       text     NOT NULL,
    contribution_id text     NOT NULL,
    player_id       text     NOT NULL,
    game_id         text     NOT NULL,
    round_id        text     NOT NULL,
    -- The bet as sent, with the rate that turned it into the jackpot's currency (10^-9; version 0 = same currency).
    bet             bigint   NOT NULL,
    bet_currency    text     NOT NULL,
    rate_nanos      bigint   NOT NULL,
    rate_version    integer  NOT NULL,
    occurred_at     timestamptz NOT NULL,
    received_at     timestamptz NOT NULL
) PARTITION BY RANGE (day);

CREATE INDEX contribution_by_sequence ON contribution (jackpot, sequence);

-- One row per committed batch and jackpot: the hash chain advances here, never per contribution.
CREATE TABLE batch (
    jackpot         integer NOT NULL,
    first_sequence  bigint  NOT NULL,
    count           integer NOT NULL CHECK (count > 0),
    config_version  integer NOT NULL,
    day             date    NOT NULL,
    root            bytea   NOT NULL CHECK (length(root) = 32),
    head            bytea   NOT NULL CHECK (length(head) = 32),
    PRIMARY KEY (jackpot, first_sequence)
);

-- Double entry, one row per pool and step, every row sums to zero. Positive = into the account. A step is a batch (with the
-- drop that ended it, if one did) or the seeding of a cycle.
CREATE TABLE journal (
    pool            integer NOT NULL,
    sequence        bigint  NOT NULL,
    cycle           bigint  NOT NULL,
    kind            text    NOT NULL CHECK (kind IN ('batch', 'seed')),
    players         bigint  NOT NULL DEFAULT 0,
    increment       bigint  NOT NULL DEFAULT 0,
    seed            bigint  NOT NULL DEFAULT 0,
    reserve         bigint  NOT NULL DEFAULT 0,
    overflow        bigint  NOT NULL DEFAULT 0,
    house           bigint  NOT NULL DEFAULT 0,
    awards          bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (pool, sequence, kind),
    CHECK (players + increment + seed + reserve + overflow + house + awards = 0)
);

CREATE TABLE award (
    award_id        text    NOT NULL PRIMARY KEY,
    pool            integer NOT NULL,
    cycle           bigint  NOT NULL,
    jackpot         integer NOT NULL,
    sequence        bigint  NOT NULL,
    amount          bigint  NOT NULL CHECK (amount > 0),
    currency        text    NOT NULL,
    tenant_id       text    NOT NULL,
    player_id       text    NOT NULL,
    contribution_id text    NOT NULL,
    game_id         text    NOT NULL,
    round_id        text    NOT NULL,
    awarded_at      timestamptz NOT NULL,
    UNIQUE (pool, cycle),
    FOREIGN KEY (pool, cycle) REFERENCES cycle (pool, cycle)
);

CREATE INDEX award_by_sequence ON award (jackpot, sequence);

-- requested: nobody has asked the wallet yet. crediting: the wallet may have been asked, so it is queried before it is asked
-- again. credited, held: final until a person decides on a held one.
CREATE TABLE payout (
    payout_id       text    NOT NULL PRIMARY KEY,
    award_id        text    NOT NULL UNIQUE REFERENCES award (award_id),
    state           text    NOT NULL CHECK (state IN ('requested', 'crediting', 'credited', 'held')),
    reason          text,
    attempts        integer NOT NULL DEFAULT 0,
    requested_at    timestamptz NOT NULL,
    changed_at      timestamptz NOT NULL
);

CREATE INDEX payout_unfinished ON payout (changed_at) WHERE state IN ('requested', 'crediting');

CREATE TABLE outbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text  NOT NULL,
    payload     text  NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Raises SQLSTATE JP001 when a fenced update found fewer rows than it must: another activation has moved the jackpot on.
CREATE FUNCTION jp_require_fence(fenced bigint, wanted integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF fenced <> wanted THEN
        RAISE EXCEPTION 'fence lost: % of % jackpots still had the expected version', fenced, wanted USING ERRCODE = 'JP001';
    END IF;
END $$;

-- Makes the partition of one day; safe to call from several replicas at once.
CREATE FUNCTION jp_create_contribution_partition(d date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('jp_create_contribution_partition'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF contribution FOR VALUES FROM (%L) TO (%L)',
                   'contribution_' || to_char(d, 'YYYYMMDD'), d, d + 1);
END $$;

-- The packed amounts of a contribution, readable.
CREATE FUNCTION jp_amounts(packed bytea) RETURNS bigint[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(('x' || encode(substr(packed, i * 8 + 1, 8), 'hex'))::bit(64)::bigint ORDER BY i)
    FROM generate_series(0, length(packed) / 8 - 1) AS i
$$;

-- The books by pool: closing = opening (nothing) + contributions + house seeded - awarded, exactly, or this view shows it.
CREATE VIEW balancing AS
SELECT p.pool_id,
       s.increment + s.seed + s.reserve + s.overflow AS closing,
       -t.players AS contributions,
       -t.house   AS house_seeded,
       t.awards   AS awarded,
       (s.increment + s.seed + s.reserve + s.overflow) - (-t.players - t.house - t.awards) AS difference,
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
           coalesce(sum(overflow), 0)::bigint AS overflow
    FROM journal j WHERE j.pool = p.id) t ON true;
