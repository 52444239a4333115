-- What a wallet is told of a payout. paid, in paid_currency: the share in the winner's own currency, whole minor units, at the rate that was frozen with
-- the drop (10^-9 of the jackpot's currency for one of the winner's; version 0 = same currency). settlement: what is left of the share, in the jackpot's
-- currency, the operator's to settle. A row of an older version has no paid: its share is paid as it is.
-- game_id, round_id, contribution_id: the winning bet, or what a game named with the winner; null for whoever shares an award of another.
ALTER TABLE payout ADD COLUMN paid            bigint CHECK (paid >= 0),
                   ADD COLUMN paid_currency   text,
                   ADD COLUMN rate_nanos      bigint CHECK (rate_nanos > 0),
                   ADD COLUMN rate_version    integer,
                   ADD COLUMN settlement      bigint NOT NULL DEFAULT 0 CHECK (settlement >= 0),
                   ADD COLUMN game_id         text,
                   ADD COLUMN round_id        text,
                   ADD COLUMN contribution_id text;
