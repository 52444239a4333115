-- The operator's own books. Amounts are integer micro-units (10^-6) of the row's currency.
CREATE TABLE IF NOT EXISTS wallet_balance (
    tenant_id      text   NOT NULL,
    player_id      text   NOT NULL,
    currency       text   NOT NULL,
    balance_micros bigint NOT NULL CHECK (balance_micros >= 0),
    PRIMARY KEY (tenant_id, player_id, currency)
);

CREATE TABLE IF NOT EXISTS wallet_closed_player (
    tenant_id text NOT NULL,
    player_id text NOT NULL,
    PRIMARY KEY (tenant_id, player_id)
);

CREATE TABLE IF NOT EXISTS wallet_transaction (
    transaction_id   text        PRIMARY KEY,
    position         bigint      NOT NULL UNIQUE,
    body_hash        bytea       NOT NULL,
    transaction_type text        NOT NULL CHECK (transaction_type IN ('Credit', 'Debit')),
    tenant_id        text        NOT NULL,
    player_id        text        NOT NULL,
    currency         text        NOT NULL,
    amount_micros    bigint      NOT NULL CHECK (amount_micros > 0),
    reference        text,
    status           text        NOT NULL CHECK (status IN ('done', 'refused')),
    reason           text,
    balance_micros   bigint      NOT NULL,
    applied_at       timestamptz NOT NULL
);

-- What the money was for, as the platform said it: game, round, bet, jackpot.
ALTER TABLE wallet_transaction ADD COLUMN IF NOT EXISTS details jsonb;
ALTER TABLE wallet_transaction DROP CONSTRAINT IF EXISTS wallet_transaction_status_check;
ALTER TABLE wallet_transaction ADD CONSTRAINT wallet_transaction_status_check CHECK (status IN ('done', 'refused', 'cancelled'));

CREATE TABLE IF NOT EXISTS wallet_session (
    player_token text   NOT NULL,
    tenant_id    text   NOT NULL,
    player_id    text   NOT NULL,
    currency     text   NOT NULL,
    jurisdiction text,
    segments     text[] NOT NULL,
    PRIMARY KEY (tenant_id, player_token)
);

CREATE INDEX IF NOT EXISTS wallet_transaction_player ON wallet_transaction (tenant_id, player_id, position);

-- Applies one transaction, or finds what an earlier delivery of the same id did. The caller compares body_hash:
-- a different one means that the id was used for something else. One lock makes the order of the list the order
-- of the commits, so that a reader who asks for "after position n" never misses a row that commits later.
DROP FUNCTION IF EXISTS wallet_apply(text, bytea, text, text, text, text, bigint, text, text);
CREATE OR REPLACE FUNCTION wallet_apply(
    p_id text, p_hash bytea, p_type text, p_tenant text, p_player text, p_currency text,
    p_micros bigint, p_reference text, p_refusal text, p_details jsonb) RETURNS SETOF wallet_transaction
LANGUAGE plpgsql AS $$
DECLARE
    v_balance bigint;
    v_refusal text := p_refusal;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('wallet_apply'));
    RETURN QUERY SELECT * FROM wallet_transaction t WHERE t.transaction_id = p_id;
    IF FOUND THEN
        RETURN;
    END IF;

    SELECT b.balance_micros INTO v_balance FROM wallet_balance b
     WHERE b.tenant_id = p_tenant AND b.player_id = p_player AND b.currency = p_currency;
    v_balance := coalesce(v_balance, 0);

    IF v_refusal IS NULL THEN
        v_refusal := CASE
            WHEN EXISTS (SELECT FROM wallet_closed_player c WHERE c.tenant_id = p_tenant AND c.player_id = p_player) THEN 'player_closed'
            WHEN p_type = 'Debit' AND v_balance < p_micros THEN 'insufficient_funds'
        END;
    END IF;

    IF v_refusal IS NULL THEN
        v_balance := v_balance + CASE p_type WHEN 'Credit' THEN p_micros ELSE -p_micros END;
        INSERT INTO wallet_balance AS b VALUES (p_tenant, p_player, p_currency, v_balance)
        ON CONFLICT (tenant_id, player_id, currency) DO UPDATE SET balance_micros = excluded.balance_micros;
    END IF;

    RETURN QUERY INSERT INTO wallet_transaction AS t VALUES (
        p_id, (SELECT coalesce(max(position), 0) + 1 FROM wallet_transaction), p_hash, p_type, p_tenant, p_player, p_currency,
        p_micros, p_reference, CASE WHEN v_refusal IS NULL THEN 'done' ELSE 'refused' END, v_refusal, v_balance, clock_timestamp(), p_details)
        RETURNING t.*;
END $$;

-- Takes a transaction back, whatever became of it; one that has not come yet is kept as cancelled, so that it does nothing when it comes. A credit
-- whose money is no longer there stays as it is, which the caller sees by its status.
CREATE OR REPLACE FUNCTION wallet_cancel(
    p_id text, p_hash bytea, p_type text, p_tenant text, p_player text, p_currency text, p_micros bigint, p_reference text) RETURNS SETOF wallet_transaction
LANGUAGE plpgsql AS $$
DECLARE
    v_change bigint := CASE p_type WHEN 'Credit' THEN -p_micros ELSE p_micros END;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('wallet_apply'));
    IF NOT EXISTS (SELECT FROM wallet_transaction t WHERE t.transaction_id = p_id) THEN
        INSERT INTO wallet_transaction VALUES (
            p_id, (SELECT coalesce(max(position), 0) + 1 FROM wallet_transaction), p_hash, p_type, p_tenant, p_player, p_currency,
            p_micros, p_reference, 'cancelled', NULL,
            coalesce((SELECT b.balance_micros FROM wallet_balance b WHERE b.tenant_id = p_tenant AND b.player_id = p_player AND b.currency = p_currency), 0),
            clock_timestamp(), NULL);
    ELSIF EXISTS (SELECT FROM wallet_transaction t WHERE t.transaction_id = p_id AND t.body_hash = p_hash AND t.status = 'done') THEN
        UPDATE wallet_balance b SET balance_micros = b.balance_micros + v_change
         WHERE b.tenant_id = p_tenant AND b.player_id = p_player AND b.currency = p_currency AND b.balance_micros + v_change >= 0;
        IF FOUND THEN
            UPDATE wallet_transaction t SET status = 'cancelled', balance_micros = t.balance_micros + v_change WHERE t.transaction_id = p_id;
        END IF;
    ELSE
        UPDATE wallet_transaction t SET status = 'cancelled' WHERE t.transaction_id = p_id AND t.body_hash = p_hash AND t.status = 'refused';
    END IF;

    RETURN QUERY SELECT * FROM wallet_transaction t WHERE t.transaction_id = p_id;
END $$;
