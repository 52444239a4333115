-- The version of the rules that a cycle is decided under (PoolRules.RulesVersion); cycles from before it was kept end as they began.
ALTER TABLE cycle ADD COLUMN rules smallint NOT NULL DEFAULT 1;
ALTER TABLE cycle ALTER COLUMN rules DROP DEFAULT;
