-- Awards with several winners, and drops that no stake causes.

-- house is what the house adds so that every winner gets what the declared rule promises; see journal, kind call.
-- called_by is the caller's name for a drop that no stake caused; such a drop has no contribution of its own, so its sequence is that of
-- the jackpot's last contribution before it, and contribution_id is empty unless a ticket bought by a contribution won.
ALTER TABLE award ADD COLUMN house bigint NOT NULL DEFAULT 0 CHECK (house >= 0),
                  ADD COLUMN called_by text;

-- A payout is the share of one winner. Winner 0 dropped the pool, or was named or drawn first. sharing: a part of the award is for others,
-- who have not been chosen yet; until then all of it stands with winner 0, and nothing may be paid.
ALTER TABLE payout ADD COLUMN winner    integer NOT NULL DEFAULT 0 CHECK (winner >= 0),
                   ADD COLUMN tenant_id text,
                   ADD COLUMN player_id text,
                   ADD COLUMN amount    bigint CHECK (amount >= 0),
                   ADD COLUMN part      text;
UPDATE payout p SET tenant_id = a.tenant_id, player_id = a.player_id, amount = a.amount FROM award a WHERE a.award_id = p.award_id;
ALTER TABLE payout ALTER COLUMN tenant_id SET NOT NULL, ALTER COLUMN player_id SET NOT NULL, ALTER COLUMN amount SET NOT NULL,
                   DROP CONSTRAINT payout_award_id_key, ADD CONSTRAINT payout_of_winner UNIQUE (award_id, winner),
                   DROP CONSTRAINT payout_state_check;
ALTER TABLE payout ADD CONSTRAINT payout_state_check CHECK (state IN ('sharing', 'requested', 'crediting', 'credited', 'held'));
DROP INDEX payout_unfinished;
CREATE INDEX payout_unfinished ON payout (changed_at) WHERE state IN ('sharing', 'requested', 'crediting');

-- The shares of an award are the award and what the house adds, to the micro-unit, at every moment.
CREATE FUNCTION jp_require_shares(award text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    owed   bigint;
    shared bigint;
BEGIN
    SELECT a.amount + a.house INTO owed FROM award a WHERE a.award_id = award;
    SELECT coalesce(sum(p.amount), 0) INTO shared FROM payout p WHERE p.award_id = award;
    IF owed <> shared THEN
        RAISE EXCEPTION 'the payouts of award % are % micro-units, but % are owed', award, shared, owed USING ERRCODE = 'JP003';
    END IF;
END $$;

CREATE FUNCTION jp_check_award() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jp_require_shares(NEW.award_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER award_is_shared AFTER INSERT OR UPDATE OF amount, house ON award
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION jp_check_award();
CREATE CONSTRAINT TRIGGER payout_keeps_sum AFTER UPDATE OF amount, award_id ON payout
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION jp_check_award();

-- By statement, because a community can have many winners and each row would add them all up again.
CREATE FUNCTION jp_check_payouts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jp_require_shares(changed.award_id) FROM (SELECT DISTINCT award_id FROM changed) AS changed;
    RETURN NULL;
END $$;
CREATE TRIGGER payouts_are_the_award AFTER INSERT ON payout REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION jp_check_payouts();
CREATE TRIGGER payouts_stay AFTER DELETE ON payout REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION jp_check_payouts();

-- Drops that were called, with the answer that was given: the same call gets it again, another call under the same name is refused.
-- caller is the tenant, or empty for a draw that staff called.
CREATE TABLE trigger_call (
    caller          text NOT NULL,
    call_id         text NOT NULL,
    body16          uuid NOT NULL,
    award_id        text NOT NULL REFERENCES award (award_id),
    answer          text NOT NULL,
    called_at       timestamptz NOT NULL,
    PRIMARY KEY (caller, call_id)
);
