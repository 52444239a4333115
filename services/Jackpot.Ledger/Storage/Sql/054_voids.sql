-- Contributions that are taken back. Rows are added and never edited.

-- One row per step of voids, which is a link of the jackpot's hash chain between two batches.
CREATE TABLE void_step (
    jackpot         integer NOT NULL,
    first_number    bigint  NOT NULL,
    count           integer NOT NULL CHECK (count > 0),
    -- The jackpot's last contribution before it, and the version that it made.
    after_sequence  bigint  NOT NULL,
    version         bigint  NOT NULL,
    config_version  integer NOT NULL,
    day             date    NOT NULL,
    root            bytea   NOT NULL CHECK (length(root) = 32),
    head_before     bytea   NOT NULL CHECK (length(head_before) = 32),
    head            bytea   NOT NULL CHECK (length(head) = 32),
    PRIMARY KEY (jackpot, first_number)
);
CREATE INDEX void_step_by_sequence ON void_step (jackpot, after_sequence);

CREATE TABLE void (
    jackpot         integer NOT NULL,
    -- Gapless in the jackpot, from 1.
    number          bigint  NOT NULL,
    -- The contribution that it takes back, or a part of.
    sequence        bigint  NOT NULL,
    -- So much of the bet (in the bet's currency), of its stake and of its contribution.
    bet             bigint  NOT NULL CHECK (bet > 0),
    bet_currency    text    NOT NULL,
    stake           bigint  NOT NULL CHECK (stake >= 0),
    contribution    bigint  NOT NULL CHECK (contribution >= 0),
    -- What of the contribution no pool gave back: the operator's settlement carries it.
    carried         bigint  NOT NULL CHECK (carried BETWEEN 0 AND contribution),
    -- 0: out of the pools whose cycles still ran; 1: all of it by settlement.
    road            smallint NOT NULL CHECK (road IN (0, 1)),
    key16           uuid    NOT NULL,
    body16          uuid    NOT NULL,
    tenant_id       text    NOT NULL,
    contribution_id text    NOT NULL,
    game_id         text    NOT NULL,
    bet_day         date    NOT NULL,
    reason          text    NOT NULL,
    -- Who approved it; empty for an operator's own, within the limits.
    approved_by     text    NOT NULL,
    -- Awards that the contribution has won: their payouts are held for a person.
    awards          text[]  NOT NULL,
    voided_at       timestamptz NOT NULL,
    PRIMARY KEY (jackpot, number)
);
CREATE INDEX void_by_sequence ON void (jackpot, sequence);
CREATE INDEX void_by_contribution ON void (tenant_id, contribution_id);
CREATE INDEX void_by_time ON void (voided_at);

-- What was voided of a day's bets, and what is known of that day's contributions: both only grow. The limit is checked against them.
CREATE TABLE void_day (
    jackpot          integer NOT NULL,
    tenant_id        text    NOT NULL,
    day              date    NOT NULL,
    contributed      numeric NOT NULL,
    through_sequence bigint  NOT NULL,
    voided           numeric NOT NULL,
    count            bigint  NOT NULL,
    PRIMARY KEY (jackpot, tenant_id, day)
);

-- Voids that came before their bets. Two rows of dedupe claim what the void names, as a key and as a contribution id, under jackpot 0 and
-- sequence 0: so the bet finds them by the very index that every bet is checked by, and no other bet pays for that.
CREATE TABLE void_waiting (
    key16           uuid PRIMARY KEY,
    body16          uuid NOT NULL,
    target16        uuid NOT NULL,
    tenant_id       text NOT NULL,
    contribution_id text NOT NULL,
    -- So much of the bet; null for all of it.
    bet             bigint,
    currency        text,
    reason          text NOT NULL,
    waiting_since   timestamptz NOT NULL,
    -- So many voids wait for the bet. A further one moves it, so that a commit which has not seen all of them meets none.
    company         bigint NOT NULL,
    -- Where the bet went when it came, less what was taken back of it.
    jackpot         integer,
    sequence        bigint,
    met_at          timestamptz,
    -- A bet that reaches several jackpots meets its void in the first; when its other parts were taken back as well.
    finished_at     timestamptz
);
CREATE INDEX void_waiting_by_target ON void_waiting (target16) WHERE met_at IS NULL;
CREATE INDEX void_waiting_unfinished ON void_waiting (met_at) WHERE met_at IS NOT NULL AND finished_at IS NULL;
CREATE INDEX void_waiting_by_age ON void_waiting (waiting_since);

ALTER TABLE journal DROP CONSTRAINT journal_kind_check,
    ADD CONSTRAINT journal_kind_check CHECK (kind IN ('batch', 'seed', 'call', 'transfer', 'funding', 'void'));

-- Undoes a commit whose bet was reduced by other waiting voids than there are.
CREATE FUNCTION jp_require_waiting(met bigint, wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF met <> wanted THEN
        RAISE unique_violation USING MESSAGE = 'other voids wait for the bet than those it was reduced by';
    END IF;
END $$;
