-- Payouts that wait for people, and what those decided.

-- looks: attempts in a row that ended in doubt. in_doubt: a credit was sent whose outcome nobody knows, so the money may go nowhere else.
-- waived: reasons of holds that two people have overruled. route: how often it was sent to another account, to_tenant and to_player; the
-- wallet's transaction id of each differs. A row that an older version held has no cause.
ALTER TABLE payout ADD COLUMN looks      integer NOT NULL DEFAULT 0 CHECK (looks >= 0),
                   ADD COLUMN in_doubt   boolean NOT NULL DEFAULT false,
                   ADD COLUMN hold_cause text,
                   ADD COLUMN held_at    timestamptz,
                   ADD COLUMN waived     text[] NOT NULL DEFAULT '{}',
                   ADD COLUMN route      integer NOT NULL DEFAULT 0 CHECK (route >= 0),
                   ADD COLUMN to_tenant  text,
                   ADD COLUMN to_player  text,
                   ADD COLUMN claimed_by text,
                   DROP CONSTRAINT payout_state_check;
ALTER TABLE payout ADD CONSTRAINT payout_state_check CHECK (state IN (
    'sharing', 'requested', 'crediting', 'credited', 'held', 'paid_outside', 'forfeited', 'rolled_back'));
UPDATE payout SET hold_cause = 'wallet_refused', held_at = changed_at WHERE state = 'held';
CREATE INDEX payout_with_people ON payout (state, changed_at, payout_id) WHERE state IN ('held', 'paid_outside', 'forfeited', 'rolled_back');

-- Every state that a payout had after the drop, whoever changed it.
CREATE TABLE payout_step (
    payout_id       text        NOT NULL,
    number          bigint      GENERATED ALWAYS AS IDENTITY,
    at              timestamptz NOT NULL,
    state           text        NOT NULL,
    cause           text,
    reason          text,
    PRIMARY KEY (payout_id, number)
);

CREATE FUNCTION jp_note_payout_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO payout_step (payout_id, at, state, cause, reason) VALUES (NEW.payout_id, NEW.changed_at, NEW.state, NEW.hold_cause, NEW.reason);
    RETURN NULL;
END $$;
CREATE TRIGGER payout_steps AFTER UPDATE OF state, in_doubt ON payout FOR EACH ROW
    WHEN (OLD.state <> NEW.state OR OLD.in_doubt <> NEW.in_doubt) EXECUTE FUNCTION jp_note_payout_step();

-- What one person orders for a held payout and another decides. Numbers and addresses of evidence, never the evidence.
CREATE TABLE payout_order (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payout_id       text        NOT NULL REFERENCES payout (payout_id),
    action          text        NOT NULL,
    evidence        text,
    to_tenant       text,
    to_player       text,
    beneficiary     text,
    status          text        NOT NULL CHECK (status IN ('proposed', 'done', 'rejected', 'withdrawn')),
    author          text        NOT NULL,
    why             text        NOT NULL,
    decided_by      text,
    decision        text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    changed_at      timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX payout_order_waits ON payout_order (payout_id) WHERE status = 'proposed';
CREATE INDEX payout_order_of ON payout_order (payout_id);

CREATE TABLE payout_note (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payout_id       text        NOT NULL REFERENCES payout (payout_id),
    at              timestamptz NOT NULL DEFAULT now(),
    author          text        NOT NULL,
    text            text        NOT NULL
);
CREATE INDEX payout_note_of ON payout_note (payout_id);
