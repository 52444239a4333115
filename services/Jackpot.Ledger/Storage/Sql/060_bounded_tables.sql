-- Rows that nobody needs any more are deleted, oldest first; see ExpiredRows. These find them.
CREATE INDEX fan_out_by_day ON fan_out (day);
CREATE INDEX quarantine_decided ON quarantine (decided_at) WHERE status IN ('released', 'refused');

-- A day's plans go within minutes, so vacuum comes by count.
ALTER TABLE fan_out SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50000);
