-- Who takes part, what is held back, and what one bet does to several jackpots.

-- Personal data: how a player stands with their operator. Rows are only added; the newest of a player counts. Versions grow in
-- the order of commits (writers take a lock), so that replicas can ask for what came after the last one they saw.
CREATE TABLE player_standing (
    version     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id   text NOT NULL,
    player_id   text NOT NULL,
    standing    text NOT NULL CHECK (standing IN ('good', 'self_excluded', 'house_account')),
    changed_at  timestamptz NOT NULL
);
CREATE INDEX player_standing_newest ON player_standing (tenant_id, player_id, version DESC);

-- Personal data: what players agreed to, as above. Without a consent version the player has opted out.
CREATE TABLE player_opt_in (
    version             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id           text NOT NULL,
    player_id           text NOT NULL,
    jackpot             integer NOT NULL REFERENCES jackpot (id),
    consent_version     integer,
    preferred_stake     bigint CHECK (preferred_stake >= 0),
    preferred_currency  text,
    at                  timestamptz NOT NULL,
    CHECK ((preferred_stake IS NULL) = (preferred_currency IS NULL))
);
CREATE INDEX player_opt_in_newest ON player_opt_in (tenant_id, player_id, jackpot, version DESC);

-- History is not rewritten; deletion stays possible for the day on which the law asks for it.
CREATE TRIGGER player_standing_no_update BEFORE UPDATE OR TRUNCATE ON player_standing FOR EACH STATEMENT EXECUTE FUNCTION jp_refuse_change();
CREATE TRIGGER player_opt_in_no_update BEFORE UPDATE OR TRUNCATE ON player_opt_in FOR EACH STATEMENT EXECUTE FUNCTION jp_refuse_change();

-- Contributions that were not believed. While one is held or refused its key is claimed by a row of dedupe with sequence 0, so
-- that no replica can record it meanwhile; a release takes that row away in the transaction that decides, and then records it.
CREATE TABLE quarantine (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key16           uuid     NOT NULL UNIQUE,
    body16          uuid     NOT NULL,
    jackpot         integer  NOT NULL REFERENCES jackpot (id),
    status          text     NOT NULL CHECK (status IN ('held', 'releasing', 'released', 'refused')),
    reason          text     NOT NULL CHECK (reason IN ('stake_too_large', 'rate_too_high')),
    stake           bigint   NOT NULL,
    bet             bigint   NOT NULL,
    bet_currency    text     NOT NULL,
    rate_nanos      bigint   NOT NULL,
    rate_version    integer  NOT NULL,
    occurred_at     timestamptz NOT NULL,
    received_at     timestamptz NOT NULL,
    tenant_id       text     NOT NULL,
    contribution_id text     NOT NULL,
    player_id       text     NOT NULL,
    game_id         text     NOT NULL,
    round_id        text     NOT NULL,
    decided_by      text,
    why             text,
    decided_at      timestamptz,
    CHECK ((status = 'held') = (decided_by IS NULL))
);
CREATE INDEX quarantine_open ON quarantine (status, id) WHERE status IN ('held', 'releasing');

-- What a bet that reaches several jackpots does to each of them, decided once: a repetition does the same, whatever has changed.
-- key16 is the request's own key, which its first part also uses in dedupe; the other parts' keys are derived.
CREATE TABLE fan_out (
    key16   uuid NOT NULL PRIMARY KEY,
    body16  uuid NOT NULL,
    parts   text NOT NULL,
    day     date NOT NULL
);
