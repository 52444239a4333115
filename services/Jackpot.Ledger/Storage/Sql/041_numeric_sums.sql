-- Sums of money are numeric: ten stakes of 10^12, each taken for itself, do not fit into a bigint together. Single amounts and balances stay bigint.

DROP VIEW balancing;
DROP VIEW journal_by_day;
DROP VIEW contribution_by_day;

ALTER TABLE journal_day
    ALTER COLUMN players TYPE numeric, ALTER COLUMN increment TYPE numeric, ALTER COLUMN seed TYPE numeric, ALTER COLUMN reserve TYPE numeric,
    ALTER COLUMN overflow TYPE numeric, ALTER COLUMN house TYPE numeric, ALTER COLUMN awards TYPE numeric, ALTER COLUMN transfer TYPE numeric,
    ALTER COLUMN fed TYPE numeric;
ALTER TABLE contribution_day ALTER COLUMN stake TYPE numeric, ALTER COLUMN contribution TYPE numeric;

-- As in 002.
CREATE VIEW balancing AS
SELECT p.pool_id,
       s.closing,
       -t.players AS contributions,
       -t.house   AS house_seeded,
       t.awards   AS awarded,
       -t.transfer AS transferred,
       s.closing - (-t.players - t.house - t.awards - t.transfer) AS difference,
       s.increment - t.increment AS increment_difference,
       s.seed - t.seed           AS seed_difference,
       s.reserve - t.reserve     AS reserve_difference,
       s.overflow - t.overflow   AS overflow_difference
FROM pool p
JOIN (SELECT *, increment::numeric + seed + reserve + overflow AS closing FROM pool_state) s USING (id)
JOIN LATERAL (
    SELECT coalesce(sum(players), 0) AS players, coalesce(sum(house), 0) AS house, coalesce(sum(awards), 0) AS awards,
           coalesce(sum(increment), 0) AS increment, coalesce(sum(seed), 0) AS seed, coalesce(sum(reserve), 0) AS reserve,
           coalesce(sum(overflow), 0) AS overflow, coalesce(sum(transfer), 0) AS transfer
    FROM journal j WHERE j.pool = p.id) t ON true;

-- As in 007.
CREATE VIEW journal_by_day AS
SELECT pool, day, players, increment, seed, reserve, overflow, house, awards, transfer, fed FROM journal_day
UNION ALL
SELECT p.id, j.day, j.players, j.increment, j.seed, j.reserve, j.overflow, j.house, j.awards, j.transfer, j.fed
FROM pool p
LEFT JOIN balancing_mark m ON m.jackpot = p.jackpot
CROSS JOIN LATERAL (
    SELECT *, CASE WHEN kind = 'batch' THEN -(players::numeric + house) ELSE 0 END AS fed
    FROM journal WHERE pool = p.id AND version > coalesce(m.version, '-9223372036854775808'::bigint) OFFSET 0) j;

CREATE VIEW contribution_by_day AS
SELECT jackpot, day, tenant_id, count, stake, contribution FROM contribution_day
UNION ALL
SELECT j.id, c.day, c.tenant_id, 1, c.stake, c.contribution
FROM jackpot j
LEFT JOIN balancing_mark m ON m.jackpot = j.id
CROSS JOIN LATERAL (SELECT * FROM contribution WHERE jackpot = j.id AND sequence > coalesce(m.sequence, 0) OFFSET 0) c;

-- As in 004.
CREATE OR REPLACE FUNCTION jp_require_shares(award text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    owed   numeric;
    shared numeric;
BEGIN
    SELECT a.amount::numeric + a.house INTO owed FROM award a WHERE a.award_id = award;
    SELECT coalesce(sum(p.amount), 0) INTO shared FROM payout p WHERE p.award_id = award;
    IF owed <> shared THEN
        RAISE EXCEPTION 'the payouts of award % are % micro-units, but % are owed', award, shared, owed USING ERRCODE = 'JP003';
    END IF;
END $$;
