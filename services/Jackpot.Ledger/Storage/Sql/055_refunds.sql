-- Contributions that two people have agreed to take back: one void beyond the limits, or all of a time in which something was wrong.
CREATE TABLE refund (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind             text NOT NULL CHECK (kind IN ('void', 'window')),
    tenant_id        text,
    -- Of a void: what it names, and so much of the bet.
    contribution_id  text,
    bet              bigint,
    currency         text,
    -- Of a window: the contributions of this jackpot that were received in it, of one tenant or game when they are named.
    jackpot          integer,
    game_id          text,
    from_at          timestamptz,
    to_at            timestamptz,
    -- What was there when it was proposed.
    preview          jsonb NOT NULL,
    why              text NOT NULL,
    author           text NOT NULL,
    proposed_at      timestamptz NOT NULL,
    status           text NOT NULL CHECK (status IN ('proposed', 'approved', 'done', 'rejected', 'withdrawn')),
    decided_by       text,
    decided_why      text,
    decided_at       timestamptz,
    -- How far it has come, and what it has done.
    through_sequence bigint NOT NULL DEFAULT 0,
    to_sequence      bigint NOT NULL DEFAULT 0,
    voided           bigint NOT NULL DEFAULT 0,
    passed_over      bigint NOT NULL DEFAULT 0,
    contribution     numeric NOT NULL DEFAULT 0,
    carried          numeric NOT NULL DEFAULT 0,
    finished_at      timestamptz,
    CHECK (CASE kind WHEN 'void' THEN tenant_id IS NOT NULL AND contribution_id IS NOT NULL
                     ELSE jackpot IS NOT NULL AND from_at IS NOT NULL AND to_at IS NOT NULL END)
);
CREATE INDEX refund_approved ON refund (id) WHERE status = 'approved';
