-- What money a bet was made with: 0 cash, 1 bonus, 2 a free round. What was recorded before was told as cash.
ALTER TABLE contribution ADD COLUMN funding smallint NOT NULL DEFAULT 0;
ALTER TABLE quarantine ADD COLUMN funding smallint NOT NULL DEFAULT 0;

-- Sums by day are split by it.
ALTER TABLE contribution_day ADD COLUMN funding smallint NOT NULL DEFAULT 0;
ALTER TABLE contribution_day DROP CONSTRAINT contribution_day_pkey, ADD PRIMARY KEY (jackpot, day, tenant_id, funding);
