-- Balancing and reports.

-- What the journal adds up to per pool and day, as far as balancing_mark says. Every journal row is added once, by the first balancing
-- after it was written; whoever asks for more than a day reads these sums and only the journal's rows after the mark.
CREATE TABLE journal_day (
    pool        integer NOT NULL REFERENCES pool (id),
    day         date    NOT NULL,
    players     bigint  NOT NULL,
    increment   bigint  NOT NULL,
    seed        bigint  NOT NULL,
    reserve     bigint  NOT NULL,
    overflow    bigint  NOT NULL,
    house       bigint  NOT NULL,
    awards      bigint  NOT NULL,
    transfer    bigint  NOT NULL,
    -- What batches brought in, whoever paid for it: the sum of their contributions.
    fed         bigint  NOT NULL,
    PRIMARY KEY (pool, day)
);

-- The same of the contributions: what each operator's players put in.
CREATE TABLE contribution_day (
    jackpot      integer NOT NULL REFERENCES jackpot (id),
    day          date    NOT NULL,
    tenant_id    text    NOT NULL,
    count        bigint  NOT NULL,
    stake        bigint  NOT NULL,
    contribution bigint  NOT NULL,
    PRIMARY KEY (jackpot, day, tenant_id)
);

-- Up to which version of the jackpot the journal, and up to which sequence its contributions, are in the sums above.
CREATE TABLE balancing_mark (
    jackpot     integer PRIMARY KEY REFERENCES jackpot (id),
    version     bigint NOT NULL,
    sequence    bigint NOT NULL
);

CREATE TABLE balancing_run (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at  timestamptz NOT NULL,
    duration_ms integer NOT NULL,
    -- Whether every journal row was read, or only those after the marks.
    recounted   boolean NOT NULL,
    jackpots    integer NOT NULL,
    differences integer NOT NULL
);

-- Raised once per jackpot and version: version is the one that the pause made, or the one found when it was not active.
CREATE TABLE balancing_incident (
    jackpot     integer NOT NULL REFERENCES jackpot (id),
    version     bigint  NOT NULL,
    found_at    timestamptz NOT NULL,
    differences jsonb   NOT NULL,
    PRIMARY KEY (jackpot, version)
);

-- Cheap on insert, and enough to find a day in a table that only grows.
CREATE INDEX journal_in_day_order ON journal USING brin (day);

-- All of the journal by pool and day: the sums, and what came after them. OFFSET 0 keeps the two sides of each join apart, so that
-- only the rows after a mark are looked up, pool by pool, in the primary key.
CREATE VIEW journal_by_day AS
SELECT pool, day, players, increment, seed, reserve, overflow, house, awards, transfer, fed FROM journal_day
UNION ALL
SELECT p.id, j.day, j.players, j.increment, j.seed, j.reserve, j.overflow, j.house, j.awards, j.transfer, j.fed
FROM pool p
LEFT JOIN balancing_mark m ON m.jackpot = p.jackpot
CROSS JOIN LATERAL (
    SELECT *, CASE WHEN kind = 'batch' THEN -(players + house) ELSE 0 END AS fed
    FROM journal WHERE pool = p.id AND version > coalesce(m.version, '-9223372036854775808'::bigint) OFFSET 0) j;

CREATE VIEW contribution_by_day AS
SELECT jackpot, day, tenant_id, count, stake, contribution FROM contribution_day
UNION ALL
SELECT j.id, c.day, c.tenant_id, 1, c.stake, c.contribution
FROM jackpot j
LEFT JOIN balancing_mark m ON m.jackpot = j.id
CROSS JOIN LATERAL (SELECT * FROM contribution WHERE jackpot = j.id AND sequence > coalesce(m.sequence, 0) OFFSET 0) c;

-- Every version of every report that was made, until its retention ends; content is gzip.
CREATE TABLE report (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text   NOT NULL,
    params        text   NOT NULL,
    format        text   NOT NULL,
    generated_at  timestamptz NOT NULL,
    sha256        bytea  NOT NULL CHECK (length(sha256) = 32),
    bytes         integer NOT NULL,
    content       bytea  NOT NULL
);
CREATE INDEX report_by_age ON report (generated_at);

CREATE INDEX award_by_time ON award (awarded_at);
CREATE INDEX award_by_player ON award (tenant_id, player_id, awarded_at);
CREATE INDEX audit_entry_by_time ON audit_entry (at_ms);
CREATE INDEX audit_entry_by_component ON audit_entry (component);
