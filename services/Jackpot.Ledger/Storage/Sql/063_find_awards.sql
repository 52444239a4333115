-- Awards are looked for by round, game, contribution and player as well as by time; there is one award per drop, so these stay small.
CREATE INDEX award_by_round ON award (round_id);
CREATE INDEX award_by_game ON award (game_id, awarded_at);
CREATE INDEX award_by_contribution ON award (contribution_id);
CREATE INDEX payout_by_player_of_any_tenant ON payout (player_id);
