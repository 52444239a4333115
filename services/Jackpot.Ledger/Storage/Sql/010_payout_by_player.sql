-- A player's statement looks its wins up.
CREATE INDEX payout_by_player ON payout (tenant_id, player_id);
