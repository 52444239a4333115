-- The life cycle: which change put terms in force and whether the audit log was told, orders to transfer, templates.

ALTER TABLE jackpot_terms ADD COLUMN change bigint REFERENCES config_change (id),
                          ADD COLUMN told   boolean NOT NULL DEFAULT false,
                          -- Replicas ask for what came after the last one they saw.
                          ADD COLUMN ordinal bigint GENERATED ALWAYS AS IDENTITY;
CREATE INDEX jackpot_terms_ordinal ON jackpot_terms (ordinal);
CREATE INDEX jackpot_terms_untold ON jackpot_terms (jackpot, version) WHERE change IS NOT NULL AND NOT told;

-- What whoever approved, rejected or withdrew it gave as the reason.
ALTER TABLE config_change ADD COLUMN decision text;
CREATE INDEX config_change_by_jackpot ON config_change (jackpot, id);

-- Moving all money of a jackpot to others and ending it: ordered by one person, decided by another.
CREATE TABLE transfer_order (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source          integer NOT NULL REFERENCES jackpot (id),
    -- Pool id of the source to pool id of the heir.
    pools           jsonb   NOT NULL,
    status          text    NOT NULL CHECK (status IN ('proposed', 'done', 'rejected', 'withdrawn')),
    author          text    NOT NULL,
    why             text    NOT NULL,
    decided_by      text,
    decision        text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    changed_at      timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX transfer_order_open ON transfer_order (source) WHERE status = 'proposed';
CREATE INDEX transfer_order_by_source ON transfer_order (source, id);

-- Terms that many jackpots are made from. What was made from one keeps its terms.
CREATE TABLE template (
    template_id     text    PRIMARY KEY,
    shape           jsonb   NOT NULL,
    changed_at      timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE jackpot ADD COLUMN template text REFERENCES template (template_id);
CREATE INDEX jackpot_by_template ON jackpot (template) WHERE template IS NOT NULL;
