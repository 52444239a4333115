-- Personal data: who has put something into a pool that games drop, by a hash of tenant and player (ContributionHash.Key), and with which
-- contribution first in the newest cycle that they took part in. One row per such pool and player, written once per cycle.
CREATE TABLE contributor (
    pool        integer NOT NULL,
    player16    uuid    NOT NULL,
    sequence    bigint  NOT NULL,
    PRIMARY KEY (pool, player16)
) WITH (fillfactor = 80);

-- Cycles that run already. What of them is in the archive is not counted: such a player counts from their next bet.
INSERT INTO contributor (pool, player16, sequence)
SELECT pool, encode(substr(sha256(int4send(length(tenant)) || tenant || int4send(length(player)) || player), 1, 16), 'hex')::uuid, sequence
FROM (SELECT p.id AS pool, convert_to(c.tenant_id, 'UTF8') AS tenant, convert_to(c.player_id, 'UTF8') AS player, max(c.sequence) AS sequence
      FROM pool p
      JOIN pool_state s ON s.id = p.id
      JOIN jackpot j ON j.id = p.jackpot
      JOIN jackpot_terms t ON t.jackpot = j.id AND t.version = j.config_version
      JOIN contribution c ON c.jackpot = p.jackpot AND c.sequence > s.opened_after_sequence
      WHERE t.definition -> 'pools' -> p.tier::integer -> 'trigger' ->> 'kind' = 'external' AND c.contribution > 0
      GROUP BY p.id, c.tenant_id, c.player_id) AS took_part;
