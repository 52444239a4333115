--
-- PostgreSQL database dump
--

\restrict N2dDnwkSQhKBvJsowe4ism7Y6pwD0goiEFEWjwJJCJnVX3WVdGgOpcWljMTiJVb

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: jp_amounts(bytea); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.jp_amounts(packed bytea) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT array_agg(('x' || encode(substr(packed, i * 8 + 1, 8), 'hex'))::bit(64)::bigint ORDER BY i)
    FROM generate_series(0, length(packed) / 8 - 1) AS i
$$;


--
-- Name: jp_check_award(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.jp_check_award() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM jp_require_shares(NEW.award_id);
    RETURN NULL;
END $$;


--
-- Name: jp_check_payouts(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.jp_check_payouts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM jp_require_shares(changed.award_id) FROM (SELECT DISTINCT award_id FROM changed) AS changed;
    RETURN NULL;
END $$;


--
-- Name: jp_close_dedupe_window(integer, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.jp_close_dedupe_window(n integer, at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(x'4A504B4545504552'::bigint); -- "JPKEEPER": one replica at a time
    IF EXISTS (SELECT FROM dedupe_window WHERE number = n AND closed_at IS NULL) THEN
        PERFORM jp_create_dedupe_window(n + 1);
        PERFORM pg_advisory_xact_lock(x'4A5057494E444F57'::bigint);
        UPDATE dedupe_window SET closed_at = greatest(at, opened_at) WHERE number = n;
        INSERT INTO dedupe_window (number, opened_at) SELECT n + 1, closed_at FROM dedupe_window WHERE number = n;
    END IF;
END $$;


--
-- Name: jp_create_contribution_partition(date); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.jp_create_contribution_partition(d date) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    name text := 'contribution_' || to_char(d, 'YYYYMMDD');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('jp_create_contribution_partition'));
    IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE contribution INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', name);
        EXECUTE format('ALTER TABLE contribution ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, d, d + 1);
    END IF;
END $$;


--
-- Name: jp_create_dedupe_window(integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.jp_create_dedupe_window(n integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF to_regclass('dedupe_' || n) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE dedupe, PRIMARY KEY (key16))', 'dedupe_' || n);
        EXECUTE format('ALTER TABLE dedupe ATTACH PARTITION %I FOR VALUES IN (%s)', 'dedupe_' || n, n);
    END IF;
END $$;


--
-- Name: jp_drop_dedupe_windows(interval, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.jp_drop_dedupe_windows(keep interval, at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    AS $$
DECLARE
    n       integer;
    dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(x'4A504B4545504552'::bigint);
    FOR n IN SELECT number FROM dedupe_window WHERE dropped_at IS NULL AND closed_at < least(at, clock_timestamp()) - keep ORDER BY number LOOP
        EXECUTE format('DROP TABLE %I', 'dedupe_' || n);
        UPDATE dedupe_window SET dropped_at = at, filter = NULL WHERE number = n;
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;


--
-- Name: jp_enter_dedupe_window(integer, uuid[], integer[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.jp_enter_dedupe_window(wanted integer, suspects uuid[], suspect_windows integer[]) RETURNS integer
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(x'4A5057494E444F57'::bigint); -- "JPWINDOW"
    IF NOT EXISTS (SELECT FROM dedupe_window WHERE number = wanted AND closed_at IS NULL) THEN
        RAISE EXCEPTION 'dedupe window % is not the open one', wanted USING ERRCODE = 'JP002';
    END IF;
    IF cardinality(suspects) > 0 AND EXISTS (SELECT FROM jp_find_keys('{}', wanted + 1, suspects, suspect_windows)) THEN
        RAISE unique_violation USING MESSAGE = 'a closed dedupe window holds one of the keys';
    END IF;
    RETURN wanted;
END $$;


SET default_tablespace = '';

--
-- Name: dedupe; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.dedupe (
    key16 uuid NOT NULL,
    body16 uuid NOT NULL,
    sequence bigint NOT NULL,
    jackpot integer NOT NULL,
    in_window integer NOT NULL
)
PARTITION BY LIST (in_window);


--
-- Name: jp_find_keys(uuid[], integer, uuid[], integer[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.jp_find_keys(keys uuid[], first_whole integer, suspects uuid[], suspect_windows integer[]) RETURNS SETOF public.dedupe
    LANGUAGE plpgsql
    AS $_$
DECLARE
    n      integer;
    wanted uuid[];
BEGIN
    FOR n, wanted IN
        SELECT w.number, keys FROM dedupe_window w WHERE w.number >= first_whole AND w.dropped_at IS NULL
        UNION ALL
        SELECT s.n, array_agg(s.key16) FROM unnest(suspect_windows, suspects) AS s (n, key16) WHERE s.n < first_whole GROUP BY s.n
    LOOP
        RETURN QUERY EXECUTE format('SELECT * FROM dedupe WHERE in_window = %s AND key16 = ANY ($1)', n) USING wanted;
    END LOOP;
END $_$;


--
-- Name: jp_refuse_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.jp_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;


--
-- Name: jp_require_fence(bigint, integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.jp_require_fence(fenced bigint, wanted integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF fenced <> wanted THEN
        RAISE EXCEPTION 'fence lost: % of % jackpots still had the expected version', fenced, wanted USING ERRCODE = 'JP001';
    END IF;
END $$;


--
-- Name: jp_require_shares(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.jp_require_shares(award text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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


SET default_table_access_method = heap;

--
-- Name: archived_partition; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.archived_partition (
    day date NOT NULL,
    state text NOT NULL,
    file text NOT NULL,
    sha256 bytea NOT NULL,
    bytes bigint NOT NULL,
    rows bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    wanted_at timestamp with time zone,
    fault text,
    CONSTRAINT archived_partition_sha256_check CHECK ((length(sha256) = 32)),
    CONSTRAINT archived_partition_state_check CHECK ((state = ANY (ARRAY['exported'::text, 'verified'::text, 'leaving'::text, 'dropped'::text, 'restored'::text])))
);


--
-- Name: audit_entry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_entry (
    number bigint NOT NULL,
    at_ms bigint NOT NULL,
    component text NOT NULL,
    action text NOT NULL,
    person text NOT NULL,
    authorised_by text NOT NULL,
    why text NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT audit_entry_previous_check CHECK ((length(previous) = 32))
);


--
-- Name: award; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.award (
    award_id text NOT NULL,
    pool integer NOT NULL,
    cycle bigint NOT NULL,
    jackpot integer NOT NULL,
    sequence bigint NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    tenant_id text NOT NULL,
    player_id text NOT NULL,
    contribution_id text NOT NULL,
    game_id text NOT NULL,
    round_id text NOT NULL,
    awarded_at timestamp with time zone NOT NULL,
    remainder bigint DEFAULT 0 NOT NULL,
    winning_tickets bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    house bigint DEFAULT 0 NOT NULL,
    called_by text,
    config_version integer,
    CONSTRAINT award_amount_check CHECK ((amount > 0)),
    CONSTRAINT award_house_check CHECK ((house >= 0))
);


--
-- Name: journal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.journal (
    pool integer NOT NULL,
    sequence bigint NOT NULL,
    cycle bigint NOT NULL,
    kind text NOT NULL,
    players bigint DEFAULT 0 NOT NULL,
    increment bigint DEFAULT 0 NOT NULL,
    seed bigint DEFAULT 0 NOT NULL,
    reserve bigint DEFAULT 0 NOT NULL,
    overflow bigint DEFAULT 0 NOT NULL,
    house bigint DEFAULT 0 NOT NULL,
    awards bigint DEFAULT 0 NOT NULL,
    version bigint NOT NULL,
    transfer bigint DEFAULT 0 NOT NULL,
    day date DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT journal_kind_check CHECK ((kind = ANY (ARRAY['batch'::text, 'seed'::text, 'call'::text, 'transfer'::text, 'funding'::text]))),
    CONSTRAINT journal_sums_to_zero CHECK (((((((((players + increment) + seed) + reserve) + overflow) + house) + awards) + transfer) = 0))
);


--
-- Name: pool; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.pool (
    id integer NOT NULL,
    pool_id text NOT NULL,
    jackpot integer NOT NULL,
    tier smallint NOT NULL
);


--
-- Name: pool_state; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.pool_state (
    id integer NOT NULL,
    cycle bigint NOT NULL,
    opened_after_sequence bigint NOT NULL,
    increment bigint NOT NULL,
    seed bigint NOT NULL,
    reserve bigint NOT NULL,
    overflow bigint NOT NULL,
    threshold_above bigint NOT NULL,
    opened_at_ms bigint DEFAULT 0 NOT NULL,
    tickets_sold bigint DEFAULT 0 NOT NULL,
    last_award bigint DEFAULT 0 NOT NULL,
    CONSTRAINT pool_state_increment_check CHECK ((increment >= 0)),
    CONSTRAINT pool_state_overflow_check CHECK ((overflow >= 0)),
    CONSTRAINT pool_state_reserve_check CHECK ((reserve >= 0)),
    CONSTRAINT pool_state_seed_check CHECK ((seed >= 0))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000');


--
-- Name: balancing; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.balancing AS
 SELECT p.pool_id,
    (((s.increment + s.seed) + s.reserve) + s.overflow) AS closing,
    (- t.players) AS contributions,
    (- t.house) AS house_seeded,
    t.awards AS awarded,
    (- t.transfer) AS transferred,
    ((((s.increment + s.seed) + s.reserve) + s.overflow) - ((((- t.players) - t.house) - t.awards) - t.transfer)) AS difference,
    (s.increment - t.increment) AS increment_difference,
    (s.seed - t.seed) AS seed_difference,
    (s.reserve - t.reserve) AS reserve_difference,
    (s.overflow - t.overflow) AS overflow_difference
   FROM ((public.pool p
     JOIN public.pool_state s USING (id))
     JOIN LATERAL ( SELECT (COALESCE(sum(j.players), (0)::numeric))::bigint AS players,
            (COALESCE(sum(j.house), (0)::numeric))::bigint AS house,
            (COALESCE(sum(j.awards), (0)::numeric))::bigint AS awards,
            (COALESCE(sum(j.increment), (0)::numeric))::bigint AS increment,
            (COALESCE(sum(j.seed), (0)::numeric))::bigint AS seed,
            (COALESCE(sum(j.reserve), (0)::numeric))::bigint AS reserve,
            (COALESCE(sum(j.overflow), (0)::numeric))::bigint AS overflow,
            (COALESCE(sum(j.transfer), (0)::numeric))::bigint AS transfer
           FROM public.journal j
          WHERE (j.pool = p.id)) t ON (true));


--
-- Name: balancing_incident; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.balancing_incident (
    jackpot integer NOT NULL,
    version bigint NOT NULL,
    found_at timestamp with time zone NOT NULL,
    differences jsonb NOT NULL
);


--
-- Name: balancing_mark; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.balancing_mark (
    jackpot integer NOT NULL,
    version bigint NOT NULL,
    sequence bigint NOT NULL
);


--
-- Name: balancing_run; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.balancing_run (
    id bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    duration_ms integer NOT NULL,
    recounted boolean NOT NULL,
    jackpots integer NOT NULL,
    differences integer NOT NULL
);


--
-- Name: balancing_run_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.balancing_run ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.balancing_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: batch; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.batch (
    jackpot integer NOT NULL,
    first_sequence bigint NOT NULL,
    count integer NOT NULL,
    config_version integer NOT NULL,
    day date NOT NULL,
    root bytea NOT NULL,
    head bytea NOT NULL,
    decided_at_ms bigint DEFAULT 0 NOT NULL,
    CONSTRAINT batch_count_check CHECK ((count > 0)),
    CONSTRAINT batch_head_check CHECK ((length(head) = 32)),
    CONSTRAINT batch_root_check CHECK ((length(root) = 32))
);


--
-- Name: config_change; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.config_change (
    id bigint NOT NULL,
    jackpot integer NOT NULL,
    status text NOT NULL,
    before_version integer NOT NULL,
    after jsonb NOT NULL,
    author text NOT NULL,
    why text NOT NULL,
    decided_by text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    decision text,
    CONSTRAINT config_change_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'proposed'::text, 'approved'::text, 'effective'::text, 'rejected'::text, 'withdrawn'::text])))
);


--
-- Name: config_change_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.config_change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.config_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: contribution; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.contribution (
    day date NOT NULL,
    jackpot integer NOT NULL,
    sequence bigint NOT NULL,
    stake bigint NOT NULL,
    contribution bigint NOT NULL,
    amounts bytea NOT NULL,
    key16 uuid NOT NULL,
    body16 uuid NOT NULL,
    tenant_id text NOT NULL,
    contribution_id text NOT NULL,
    player_id text NOT NULL,
    game_id text NOT NULL,
    round_id text NOT NULL,
    bet bigint NOT NULL,
    bet_currency text NOT NULL,
    rate_nanos bigint NOT NULL,
    rate_version integer NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL
)
PARTITION BY RANGE (day);


--
-- Name: contribution_20261129; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.contribution_20261129 (
    day date NOT NULL,
    jackpot integer NOT NULL,
    sequence bigint NOT NULL,
    stake bigint NOT NULL,
    contribution bigint NOT NULL,
    amounts bytea NOT NULL,
    key16 uuid NOT NULL,
    body16 uuid NOT NULL,
    tenant_id text NOT NULL,
    contribution_id text NOT NULL,
    player_id text NOT NULL,
    game_id text NOT NULL,
    round_id text NOT NULL,
    bet bigint NOT NULL,
    bet_currency text NOT NULL,
    rate_nanos bigint NOT NULL,
    rate_version integer NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL
);


--
-- Name: contribution_20261130; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.contribution_20261130 (
    day date NOT NULL,
    jackpot integer NOT NULL,
    sequence bigint NOT NULL,
    stake bigint NOT NULL,
    contribution bigint NOT NULL,
    amounts bytea NOT NULL,
    key16 uuid NOT NULL,
    body16 uuid NOT NULL,
    tenant_id text NOT NULL,
    contribution_id text NOT NULL,
    player_id text NOT NULL,
    game_id text NOT NULL,
    round_id text NOT NULL,
    bet bigint NOT NULL,
    bet_currency text NOT NULL,
    rate_nanos bigint NOT NULL,
    rate_version integer NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL
);


--
-- Name: contribution_20261201; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.contribution_20261201 (
    day date NOT NULL,
    jackpot integer NOT NULL,
    sequence bigint NOT NULL,
    stake bigint NOT NULL,
    contribution bigint NOT NULL,
    amounts bytea NOT NULL,
    key16 uuid NOT NULL,
    body16 uuid NOT NULL,
    tenant_id text NOT NULL,
    contribution_id text NOT NULL,
    player_id text NOT NULL,
    game_id text NOT NULL,
    round_id text NOT NULL,
    bet bigint NOT NULL,
    bet_currency text NOT NULL,
    rate_nanos bigint NOT NULL,
    rate_version integer NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL
);


--
-- Name: contribution_20261202; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.contribution_20261202 (
    day date NOT NULL,
    jackpot integer NOT NULL,
    sequence bigint NOT NULL,
    stake bigint NOT NULL,
    contribution bigint NOT NULL,
    amounts bytea NOT NULL,
    key16 uuid NOT NULL,
    body16 uuid NOT NULL,
    tenant_id text NOT NULL,
    contribution_id text NOT NULL,
    player_id text NOT NULL,
    game_id text NOT NULL,
    round_id text NOT NULL,
    bet bigint NOT NULL,
    bet_currency text NOT NULL,
    rate_nanos bigint NOT NULL,
    rate_version integer NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL
);


--
-- Name: contribution_day; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.contribution_day (
    jackpot integer NOT NULL,
    day date NOT NULL,
    tenant_id text NOT NULL,
    count bigint NOT NULL,
    stake bigint NOT NULL,
    contribution bigint NOT NULL
);


--
-- Name: jackpot; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.jackpot (
    id integer NOT NULL,
    jackpot_id text NOT NULL,
    definition jsonb NOT NULL,
    config_version integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    approved jsonb,
    template text
);


--
-- Name: contribution_by_day; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.contribution_by_day AS
 SELECT contribution_day.jackpot,
    contribution_day.day,
    contribution_day.tenant_id,
    contribution_day.count,
    contribution_day.stake,
    contribution_day.contribution
   FROM public.contribution_day
UNION ALL
 SELECT j.id AS jackpot,
    c.day,
    c.tenant_id,
    1 AS count,
    c.stake,
    c.contribution
   FROM ((public.jackpot j
     LEFT JOIN public.balancing_mark m ON ((m.jackpot = j.id)))
     CROSS JOIN LATERAL ( SELECT contribution.day,
            contribution.jackpot,
            contribution.sequence,
            contribution.stake,
            contribution.contribution,
            contribution.amounts,
            contribution.key16,
            contribution.body16,
            contribution.tenant_id,
            contribution.contribution_id,
            contribution.player_id,
            contribution.game_id,
            contribution.round_id,
            contribution.bet,
            contribution.bet_currency,
            contribution.rate_nanos,
            contribution.rate_version,
            contribution.occurred_at,
            contribution.received_at
           FROM public.contribution
          WHERE ((contribution.jackpot = j.id) AND (contribution.sequence > COALESCE(m.sequence, (0)::bigint)))
         OFFSET 0) c);


--
-- Name: cycle; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.cycle (
    pool integer NOT NULL,
    cycle bigint NOT NULL,
    config_version integer NOT NULL,
    commitment bytea NOT NULL,
    sealed_secret bytea NOT NULL,
    secret bytea,
    opened_at timestamp with time zone NOT NULL,
    opened_after_sequence bigint NOT NULL,
    opening_increment bigint NOT NULL,
    opening_seed bigint NOT NULL,
    opening_reserve bigint NOT NULL,
    opening_overflow bigint NOT NULL,
    threshold_above bigint NOT NULL,
    dropped_at timestamp with time zone,
    dropped_at_sequence bigint,
    opened_at_ms bigint DEFAULT 0 NOT NULL,
    last_award bigint DEFAULT 0 NOT NULL,
    CONSTRAINT cycle_check CHECK (((dropped_at_sequence IS NULL) = (secret IS NULL))),
    CONSTRAINT cycle_commitment_check CHECK ((length(commitment) = 32)),
    CONSTRAINT cycle_secret_check CHECK ((length(secret) = 32))
);


--
-- Name: dedupe_1; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.dedupe_1 (
    key16 uuid NOT NULL,
    body16 uuid NOT NULL,
    sequence bigint NOT NULL,
    jackpot integer NOT NULL,
    in_window integer NOT NULL
);


--
-- Name: dedupe_window; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.dedupe_window (
    number integer NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    dropped_at timestamp with time zone,
    filter bytea,
    CONSTRAINT dedupe_window_check CHECK ((closed_at >= opened_at)),
    CONSTRAINT dedupe_window_check1 CHECK (((dropped_at IS NULL) OR (closed_at IS NOT NULL)))
);
ALTER TABLE ONLY public.dedupe_window ALTER COLUMN filter SET STORAGE EXTERNAL;


--
-- Name: fan_out; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.fan_out (
    key16 uuid NOT NULL,
    body16 uuid NOT NULL,
    parts text NOT NULL,
    day date NOT NULL
);


--
-- Name: jackpot_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.jackpot ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.jackpot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: jackpot_state; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.jackpot_state (
    id integer NOT NULL,
    version bigint NOT NULL,
    sequence bigint NOT NULL,
    chain_head bytea NOT NULL,
    status text NOT NULL,
    CONSTRAINT jackpot_state_chain_head_check CHECK ((length(chain_head) = 32)),
    CONSTRAINT jackpot_state_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'decommissioned'::text])))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000');


--
-- Name: jackpot_terms; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.jackpot_terms (
    jackpot integer NOT NULL,
    version integer NOT NULL,
    definition jsonb NOT NULL,
    after_sequence bigint NOT NULL,
    in_force_at timestamp with time zone DEFAULT now() NOT NULL,
    change bigint,
    told boolean DEFAULT false NOT NULL,
    ordinal bigint NOT NULL
);


--
-- Name: jackpot_terms_ordinal_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.jackpot_terms ALTER COLUMN ordinal ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.jackpot_terms_ordinal_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: journal_day; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.journal_day (
    pool integer NOT NULL,
    day date NOT NULL,
    players bigint NOT NULL,
    increment bigint NOT NULL,
    seed bigint NOT NULL,
    reserve bigint NOT NULL,
    overflow bigint NOT NULL,
    house bigint NOT NULL,
    awards bigint NOT NULL,
    transfer bigint NOT NULL,
    fed bigint NOT NULL
);


--
-- Name: journal_by_day; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.journal_by_day AS
 SELECT journal_day.pool,
    journal_day.day,
    journal_day.players,
    journal_day.increment,
    journal_day.seed,
    journal_day.reserve,
    journal_day.overflow,
    journal_day.house,
    journal_day.awards,
    journal_day.transfer,
    journal_day.fed
   FROM public.journal_day
UNION ALL
 SELECT p.id AS pool,
    j.day,
    j.players,
    j.increment,
    j.seed,
    j.reserve,
    j.overflow,
    j.house,
    j.awards,
    j.transfer,
    j.fed
   FROM ((public.pool p
     LEFT JOIN public.balancing_mark m ON ((m.jackpot = p.jackpot)))
     CROSS JOIN LATERAL ( SELECT journal.pool,
            journal.sequence,
            journal.cycle,
            journal.kind,
            journal.players,
            journal.increment,
            journal.seed,
            journal.reserve,
            journal.overflow,
            journal.house,
            journal.awards,
            journal.version,
            journal.transfer,
            journal.day,
                CASE
                    WHEN (journal.kind = 'batch'::text) THEN (- (journal.players + journal.house))
                    ELSE (0)::bigint
                END AS fed
           FROM public.journal
          WHERE ((journal.pool = p.id) AND (journal.version > COALESCE(m.version, '-9223372036854775808'::bigint)))
         OFFSET 0) j);


--
-- Name: outbox; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.outbox (
    id bigint NOT NULL,
    kind text NOT NULL,
    payload text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_analyze_scale_factor='0', autovacuum_analyze_threshold='50000', toast.autovacuum_vacuum_scale_factor='0', toast.autovacuum_vacuum_threshold='5000');
ALTER TABLE ONLY public.outbox ALTER COLUMN payload SET COMPRESSION lz4;


--
-- Name: outbox_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: payout; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.payout (
    payout_id text NOT NULL,
    award_id text NOT NULL,
    state text NOT NULL,
    reason text,
    attempts integer DEFAULT 0 NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    winner integer DEFAULT 0 NOT NULL,
    tenant_id text NOT NULL,
    player_id text NOT NULL,
    amount bigint NOT NULL,
    part text,
    CONSTRAINT payout_amount_check CHECK ((amount >= 0)),
    CONSTRAINT payout_state_check CHECK ((state = ANY (ARRAY['sharing'::text, 'requested'::text, 'crediting'::text, 'credited'::text, 'held'::text]))),
    CONSTRAINT payout_winner_check CHECK ((winner >= 0))
);


--
-- Name: player_opt_in; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.player_opt_in (
    version bigint NOT NULL,
    tenant_id text NOT NULL,
    player_id text NOT NULL,
    jackpot integer NOT NULL,
    consent_version integer,
    preferred_stake bigint,
    preferred_currency text,
    at timestamp with time zone NOT NULL,
    CONSTRAINT player_opt_in_check CHECK (((preferred_stake IS NULL) = (preferred_currency IS NULL))),
    CONSTRAINT player_opt_in_preferred_stake_check CHECK ((preferred_stake >= 0))
);


--
-- Name: player_opt_in_version_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.player_opt_in ALTER COLUMN version ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.player_opt_in_version_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: player_standing; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.player_standing (
    version bigint NOT NULL,
    tenant_id text NOT NULL,
    player_id text NOT NULL,
    standing text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT player_standing_standing_check CHECK ((standing = ANY (ARRAY['good'::text, 'self_excluded'::text, 'house_account'::text])))
);


--
-- Name: player_standing_version_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.player_standing ALTER COLUMN version ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.player_standing_version_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: pool_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.pool ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.pool_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: quarantine; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.quarantine (
    id bigint NOT NULL,
    key16 uuid NOT NULL,
    body16 uuid NOT NULL,
    jackpot integer NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,
    stake bigint NOT NULL,
    bet bigint NOT NULL,
    bet_currency text NOT NULL,
    rate_nanos bigint NOT NULL,
    rate_version integer NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    tenant_id text NOT NULL,
    contribution_id text NOT NULL,
    player_id text NOT NULL,
    game_id text NOT NULL,
    round_id text NOT NULL,
    decided_by text,
    why text,
    decided_at timestamp with time zone,
    CONSTRAINT quarantine_check CHECK (((status = 'held'::text) = (decided_by IS NULL))),
    CONSTRAINT quarantine_reason_check CHECK ((reason = ANY (ARRAY['stake_too_large'::text, 'rate_too_high'::text]))),
    CONSTRAINT quarantine_status_check CHECK ((status = ANY (ARRAY['held'::text, 'releasing'::text, 'released'::text, 'refused'::text])))
);


--
-- Name: quarantine_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.quarantine ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: report; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.report (
    id bigint NOT NULL,
    name text NOT NULL,
    params text NOT NULL,
    format text NOT NULL,
    generated_at timestamp with time zone NOT NULL,
    sha256 bytea NOT NULL,
    bytes integer NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT report_sha256_check CHECK ((length(sha256) = 32))
);


--
-- Name: report_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.report ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.report_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: schema_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_version (
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: template; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.template (
    template_id text NOT NULL,
    shape jsonb NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: transfer_order; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.transfer_order (
    id bigint NOT NULL,
    source integer NOT NULL,
    pools jsonb NOT NULL,
    status text NOT NULL,
    author text NOT NULL,
    why text NOT NULL,
    decided_by text,
    decision text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT transfer_order_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'done'::text, 'rejected'::text, 'withdrawn'::text])))
);


--
-- Name: transfer_order_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.transfer_order ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.transfer_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: trigger_call; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.trigger_call (
    caller text NOT NULL,
    call_id text NOT NULL,
    body16 uuid NOT NULL,
    award_id text NOT NULL,
    answer text NOT NULL,
    called_at timestamp with time zone NOT NULL
);


--
-- Name: contribution_20261129; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contribution ATTACH PARTITION public.contribution_20261129 FOR VALUES FROM ('2026-11-29') TO ('2026-11-30');


--
-- Name: contribution_20261130; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contribution ATTACH PARTITION public.contribution_20261130 FOR VALUES FROM ('2026-11-30') TO ('2026-12-01');


--
-- Name: contribution_20261201; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contribution ATTACH PARTITION public.contribution_20261201 FOR VALUES FROM ('2026-12-01') TO ('2026-12-02');


--
-- Name: contribution_20261202; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contribution ATTACH PARTITION public.contribution_20261202 FOR VALUES FROM ('2026-12-02') TO ('2026-12-03');


--
-- Name: dedupe_1; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.dedupe ATTACH PARTITION public.dedupe_1 FOR VALUES IN (1);


--
-- Data for Name: archived_partition; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: audit_entry; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_entry VALUES
	(1, 1795996348493, 'jackpot euro-spins', 'founded', 'jackpot up', '', 'first terms', '', '{"jackpot_id":"euro-spins","name":"Euro Spins","shard":"eu-mt-1","currency":"EUR","tenants":["brand-42"],"pools":[{"pool_id":"euro-spins-main","contribution_ppm":10000,"reserve_ppm":2500,"seed":1000.00,"ceiling":50000.00,"trigger":{"kind":"random","turnover_per_drop":250000.00}}]}', '\x0000000000000000000000000000000000000000000000000000000000000000', '\x4103cf4d1369b96e00f736d9deabd532bce338d5f264aa3b1d5d79397821909e'),
	(2, 1795996348542, 'jackpot mega-net', 'founded', 'jackpot up', '', 'first terms', '', '{"jackpot_id":"mega-net","name":"Mega Net","shard":"eu-mt-1","currency":"EUR","tenants":["brand-42"],"pools":[{"pool_id":"mega-net-grand","contribution_ppm":8000,"reserve_ppm":2000,"seed":100000.00,"ceiling":5000000.00,"trigger":{"kind":"random","turnover_per_drop":50000000.00}}]}', '\x4103cf4d1369b96e00f736d9deabd532bce338d5f264aa3b1d5d79397821909e', '\xc909efa661e99920ad5afb4d1c73453187edded0c177dcf26883eee4e9fddb68'),
	(3, 1795996348571, 'jackpot quick-pot', 'founded', 'jackpot up', '', 'first terms', '', '{"jackpot_id":"quick-pot","name":"Quick Pot","shard":"eu-mt-1","currency":"EUR","tenants":["brand-42"],"pools":[{"pool_id":"quick-pot-main","contribution_ppm":20000,"reserve_ppm":5000,"seed":5.00,"ceiling":12.00,"trigger":{"kind":"must_drop_by_amount","min":10.00,"max":12.00}}]}', '\xc909efa661e99920ad5afb4d1c73453187edded0c177dcf26883eee4e9fddb68', '\x12cc263a925129434a3a8c27251ecd45edc98938f639cb9b0ae34570a3f55778'),
	(4, 1795996349620, 'jackpot paid', 'founded', 'anna', '', 'first terms', '', '{"jackpot_id":"paid","name":"Of an upgrade","shard":"eu-mt-1","currency":"EUR","tenants":["brand-42"],"pools":[{"pool_id":"paid-main","contribution_ppm":20000,"reserve_ppm":0,"seed":25.01,"trigger":{"kind":"must_drop_by_amount","min":30.00,"max":40.00}}]}', '\x12cc263a925129434a3a8c27251ecd45edc98938f639cb9b0ae34570a3f55778', '\x059238173687035d779614105d459214212bd7c0337cadd583bb7e89653aaf88'),
	(5, 1795996349638, 'jackpot lost', 'founded', 'anna', '', 'first terms', '', '{"jackpot_id":"lost","name":"Of an upgrade","shard":"eu-mt-1","currency":"EUR","tenants":["brand-42"],"pools":[{"pool_id":"lost-main","contribution_ppm":20000,"reserve_ppm":0,"seed":25.01,"trigger":{"kind":"must_drop_by_amount","min":30.00,"max":40.00}}]}', '\x059238173687035d779614105d459214212bd7c0337cadd583bb7e89653aaf88', '\xf9e54ca15651b6047ebe049b2a2f2fa22b70c4e0bdd476f837fce49fb510cb0e'),
	(6, 1795996349653, 'jackpot unanswered', 'founded', 'anna', '', 'first terms', '', '{"jackpot_id":"unanswered","name":"Of an upgrade","shard":"eu-mt-1","currency":"EUR","tenants":["brand-42"],"pools":[{"pool_id":"unanswered-main","contribution_ppm":20000,"reserve_ppm":0,"seed":25.01,"trigger":{"kind":"must_drop_by_amount","min":30.00,"max":40.00}}]}', '\xf9e54ca15651b6047ebe049b2a2f2fa22b70c4e0bdd476f837fce49fb510cb0e', '\x3cbaa2c516239a38dae4b2ec8f87ec2a4762809511a3c3ee56be9753846bf95e'),
	(7, 1795996349667, 'jackpot waiting', 'founded', 'anna', '', 'first terms', '', '{"jackpot_id":"waiting","name":"Of an upgrade","shard":"eu-mt-1","currency":"EUR","tenants":["brand-42"],"pools":[{"pool_id":"waiting-main","contribution_ppm":20000,"reserve_ppm":0,"seed":25.01,"trigger":{"kind":"must_drop_by_amount","min":30.00,"max":40.00}}]}', '\x3cbaa2c516239a38dae4b2ec8f87ec2a4762809511a3c3ee56be9753846bf95e', '\xd9ad9079d5ec4815399bc29a6d43cec62d17d8e902509eb105f27d3b4769a7a7'),
	(8, 1795996349681, 'jackpot shared', 'founded', 'anna', '', 'first terms', '', '{"jackpot_id":"shared","name":"Of an upgrade","shard":"eu-mt-1","currency":"EUR","tenants":["brand-42"],"pools":[{"pool_id":"shared-main","contribution_ppm":20000,"reserve_ppm":0,"seed":25.01,"trigger":{"kind":"must_drop_by_amount","min":30.00,"max":40.00},"community":[{"kind":"among_active","share_ppm":300000,"winners_max":3,"hours":1}]}]}', '\xd9ad9079d5ec4815399bc29a6d43cec62d17d8e902509eb105f27d3b4769a7a7', '\x61cefdc7e2fc26575efb783bbd5de8c8a7b440c9a1c950027dfc84bbcbefc98d');


--
-- Data for Name: award; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.award VALUES
	('deb8285c819abbd42883da15aaabc8fd', 4, 1, 4, 1, 40000000, 'EUR', 'brand-42', 'player-paid-drop', 'c-paid-drop', 'game-1', 'round-paid-drop', '2026-11-29 23:52:30.055716+00', 0, '{}', 0, NULL, 1),
	('e688ffb6a86b583b738ec02da35b289e', 5, 1, 5, 1, 40000000, 'EUR', 'brand-42', 'player-lost-drop', 'c-lost-drop', 'game-1', 'round-lost-drop', '2026-11-29 23:52:30.929551+00', 0, '{}', 0, NULL, 1),
	('4f1a51aeed8a8585cc400516e6f2d4fd', 6, 1, 6, 1, 40000000, 'EUR', 'brand-42', 'player-unanswered-drop', 'c-unanswered-drop', 'game-1', 'round-unanswered-drop', '2026-11-29 23:52:31.220292+00', 0, '{}', 0, NULL, 1),
	('d4810c5f7a161b59dd93ecaa5e53fac3', 7, 1, 7, 1, 40000000, 'EUR', 'brand-42', 'player-waiting-drop', 'c-waiting-drop', 'game-1', 'round-waiting-drop', '2026-11-29 23:52:31.459284+00', 0, '{}', 0, NULL, 1),
	('d30a5fee6777c3f09389d052ef9cbd05', 8, 1, 8, 5, 40000000, 'EUR', 'brand-42', 'player-shared-drop', 'c-shared-drop', 'game-1', 'round-shared-drop', '2026-11-29 23:52:31.479676+00', 0, '{}', 0, NULL, 1);


--
-- Data for Name: balancing_incident; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: balancing_mark; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: balancing_run; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: batch; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.batch VALUES
	(8, 1, 1, 1, '2026-11-29', '\xe1dfb3fc3291aa246441a309cec630ef31d784700182bf7af7d18d43f5e94ab7', '\xe953e194eb5dc05c90e09bae2ebcdf72cdebb1a9d1e692508194c4d2d22fac43', 0),
	(8, 2, 1, 1, '2026-11-29', '\xed024b0a565363bf2388384b13279a45da285864cea2c9d1693768c09b6025ee', '\xb41346d924dba5b9b2cea4925aaf40a085acbb6de3e66179a4eddc8b0989351f', 0),
	(8, 3, 1, 1, '2026-11-29', '\x7b637cd8459d14e78923690de600959b83c329ddeb9d31a59336214080879751', '\xd1f3e84a26b30abfb763d2a78a5debbedb10d685d4f20d601eea17e5e1b6a21d', 0),
	(8, 4, 1, 1, '2026-11-29', '\x6381ffe5226c677b48512ec778d9f5ebf4dab3108dcacc755d6980b3cd61a56c', '\x921e5309ed7079529ee37d11fa45dbb92d66649574d358442b5ca5e9fb467ef3', 0),
	(4, 1, 1, 1, '2026-11-29', '\x09d8fc1e5338e3db12a1d53feaa4a2ede6f81706b0f98b7566f8b3c0d13de215', '\xf05833694f85326e5ac76e3efd02835cae8e51acc06c30747b0553b0e807200f', 0),
	(5, 1, 1, 1, '2026-11-29', '\x711873de4015e9c77af1afb458d626ab84dc4b9f599a830bd0e23cd93d5deb59', '\x54e4cde806f7cfae2c2b3ca03a7fb6eab997c73c0803370febe8914d00c9b356', 0),
	(6, 1, 1, 1, '2026-11-29', '\xec036e6132afdb081c0f3553c78851ee88df9612cf0e8a19f9b7c1b6d27ea7fd', '\x27b3ce71574c215ec17cd174b6760e7ce0d596119572dd98eaf0413e022ec83f', 0),
	(7, 1, 1, 1, '2026-11-29', '\xbe81f993a07c7c55caf4987061cb9a2c2f4e6db04f5846baa1c598c4e71b8d68', '\x54ccae5f675021c24eb2c417b382d82eee8ca1ea0a564fef45e454b4cdc29e21', 0),
	(8, 5, 1, 1, '2026-11-29', '\x73f88939992da8cb90b441b69b59a6688b75829638f9e56b85b886f433b69b07', '\x0c87db9b50c1a74907a1b789bc620a9a0239db989e83219bdf82edef184df98c', 0);


--
-- Data for Name: config_change; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: contribution_20261129; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.contribution_20261129 VALUES
	('2026-11-29', 8, 1, 1000000, 20000, '\x00000000017ded70', '8a2d21f5-59ea-f176-411a-8d588965f149', '1c63b8f3-0160-6adb-451a-e5390e0615b5', 'brand-42', 'c-active-1', 'player-active-1', 'game-1', 'round-active-1', 1000000, 'EUR', 1000000000, 0, '2026-11-29 23:52:29+00', '2026-11-29 23:52:29.705444+00'),
	('2026-11-29', 8, 2, 2000000, 40000, '\x00000000017e89b0', '2b624d74-9220-4ecf-3421-6f7217942550', '28889853-4af7-04d7-a754-5fc7102c645e', 'brand-42', 'c-active-2', 'player-active-2', 'game-1', 'round-active-2', 2000000, 'EUR', 1000000000, 0, '2026-11-29 23:52:29+00', '2026-11-29 23:52:29.912097+00'),
	('2026-11-29', 8, 3, 3000000, 60000, '\x00000000017f7410', '4f59355d-277d-cf0d-0ad8-651f5cddadab', 'a46cef58-b95e-4115-e0c4-319d6fd800a5', 'brand-42', 'c-active-3', 'player-active-3', 'game-1', 'round-active-3', 3000000, 'EUR', 1000000000, 0, '2026-11-29 23:52:29+00', '2026-11-29 23:52:29.948692+00'),
	('2026-11-29', 8, 4, 4000000, 80000, '\x000000000180ac90', 'b0391511-f54e-f631-8101-d5cd62bfb277', '3b8c1b35-dfb4-fefa-634d-9075e78a5563', 'brand-42', 'c-active-4', 'player-active-4', 'game-1', 'round-active-4', 4000000, 'EUR', 1000000000, 0, '2026-11-29 23:52:29+00', '2026-11-29 23:52:29.984429+00'),
	('2026-11-29', 4, 1, 900000000, 18000000, '\x0000000002625a00', 'a68cde32-53d2-ddbb-da24-89e83acb97dc', 'c0a8f3f6-bc18-4484-2a20-45ef9aa44be0', 'brand-42', 'c-paid-drop', 'player-paid-drop', 'game-1', 'round-paid-drop', 900000000, 'EUR', 1000000000, 0, '2026-11-29 23:52:29+00', '2026-11-29 23:52:30.033117+00'),
	('2026-11-29', 5, 1, 900000000, 18000000, '\x0000000002625a00', '93455546-7007-81d8-7ecc-5e05fce198bc', '235742a9-f44f-14b1-aaf8-655e875839ee', 'brand-42', 'c-lost-drop', 'player-lost-drop', 'game-1', 'round-lost-drop', 900000000, 'EUR', 1000000000, 0, '2026-11-29 23:52:30+00', '2026-11-29 23:52:30.92265+00'),
	('2026-11-29', 6, 1, 900000000, 18000000, '\x0000000002625a00', '649bec77-5d9f-4f10-e9ca-afe562dce320', '2ad6e880-9dca-44a4-a049-7c24555f434c', 'brand-42', 'c-unanswered-drop', 'player-unanswered-drop', 'game-1', 'round-unanswered-drop', 900000000, 'EUR', 1000000000, 0, '2026-11-29 23:52:31+00', '2026-11-29 23:52:31.212467+00'),
	('2026-11-29', 7, 1, 900000000, 18000000, '\x0000000002625a00', 'a2fdb991-2f9f-6feb-d622-1d9757ca9f7f', 'c33ba42d-e708-f126-5c95-0fb68e64c170', 'brand-42', 'c-waiting-drop', 'player-waiting-drop', 'game-1', 'round-waiting-drop', 900000000, 'EUR', 1000000000, 0, '2026-11-29 23:52:31+00', '2026-11-29 23:52:31.454716+00'),
	('2026-11-29', 8, 5, 900000000, 18000000, '\x0000000002625a00', '761fdc91-845c-7450-d935-666785ca38d6', '85e07753-88e3-9b2b-5f85-d26425dae067', 'brand-42', 'c-shared-drop', 'player-shared-drop', 'game-1', 'round-shared-drop', 900000000, 'EUR', 1000000000, 0, '2026-11-29 23:52:31+00', '2026-11-29 23:52:31.478334+00');


--
-- Data for Name: contribution_20261130; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: contribution_20261201; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: contribution_20261202; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: contribution_day; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: cycle; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.cycle VALUES
	(1, 1, 1, '\xdf924ae0a0938ae80eea50c14437311d865a736cea28bd444b9ba4e359844e1a', '\x0ef2420a2555350e5e8c632d48570de2e69cdbbd326b169f3c6014e425394bea9fc3292da902d9c31fb51c99417b27e8bcd4dfb875047bcd9b0e021b', NULL, '2026-11-29 23:52:28.467178+00', 0, 0, 1000000000, 0, 0, 1000000000, NULL, NULL, 0, 0),
	(2, 1, 1, '\x3c2af8ab7efc638c0c68df4f842fc1867842950032cdb747249c0fa6dd00d6ec', '\x703acb1023d2400b702227ea2c37a5d583ba53cc2b3a1943f135b41797d3726103a96137244a76220cbf1ae4b58822c5a1ac05959ce3cef00958ad60', NULL, '2026-11-29 23:52:28.536456+00', 0, 0, 100000000000, 0, 0, 100000000000, NULL, NULL, 0, 0),
	(3, 1, 1, '\xb67fdeb18d1d11498ef5420c7766b8080585e6c46415922e538c43b1550c1c06', '\x647cf611a911a83dd48fa0cdd4cb064783f207767859f9d7049d9d38ecc3cdad23a9b63a5329bb1daa8b35827e7e38f1b14add8effb0b9d77718c615', NULL, '2026-11-29 23:52:28.566846+00', 0, 0, 5000000, 0, 0, 5000000, NULL, NULL, 0, 0),
	(4, 1, 1, '\x386673fd314b4372393968d73369929a71905ef72bf11f2c311805b90b1310ed', '\x50afcd8ec0a0721ae577f4d6134a0e1f5f47307826252cb30e2594f19e7d8f7b13199d31805d151b45197f1d0567db31fa7ed9c64bd8c4b2b5d505a3', '\x69fe2d98befdd8af0848e9cc68abcefe1d44d1c4caa98c18dfec324de083d3df', '2026-11-29 23:52:29.618516+00', 0, 0, 25010000, 0, 0, 25010000, '2026-11-29 23:52:30.055716+00', 1, 0, 0),
	(4, 2, 1, '\x062026ed016b1ee6f8256accc5bf0d43bc9e5a6849134fdfce2fb8f06fa65fb7', '\x1e3ff5249c558854c43b11dfbcebb8532006218f16d22a154927ac1f209cf7aa6197975ef2c8c13bbd5d3823e2b6f44c360535d46f1be7a105fb03c7', NULL, '2026-11-29 23:52:30.055716+00', 1, 0, 25010000, 0, 0, 25010000, NULL, NULL, 0, 40000000),
	(5, 1, 1, '\x913e6a136cbfa5c8a3084b220d77e9d10bebe4823f233329da28900d98b6f053', '\x446853095db73e8a42c9a254ce2f94a0df8b276988b4842b478415fcd06543385bb7e3239018db9c6743439057a8fdbc39fff15347eb03bbe4b110c7', '\xd429aa89b98d4b9c8db23674e2a731d0e85e15c7aa7c72930a3e0ff1bba4792e', '2026-11-29 23:52:29.635961+00', 0, 0, 25010000, 0, 0, 25010000, '2026-11-29 23:52:30.929551+00', 1, 0, 0),
	(5, 2, 1, '\x0f4930d30b43f3a36d1d9b08372551019af0d99f3140c1795f3c3571bdd57b16', '\x12244a14f8b1bec3c2beac0571dd085fa8673fc6f65a511227bc0e15379b3ea2e95a0c20622fc4650a2d91146a93e3d9bff5f74e293a08a485872a40', NULL, '2026-11-29 23:52:30.929551+00', 1, 0, 25010000, 0, 0, 25010000, NULL, NULL, 0, 40000000),
	(6, 1, 1, '\xec117b7486f0f891ee21dc80b0d8f053683ddda7e1406674f11ee3d07293c662', '\x6f341653004c5182859981b039a10eb813490b717043b2968bf695a9191efb8c63c2a2f7cd5242675fa09b3e7b5d10576cfaededb6d511486e13624c', '\xdd5329c456e1407c88ef8b35f85cf3a61507704c9699b9b89d0ac86a24c2d1a8', '2026-11-29 23:52:29.651833+00', 0, 0, 25010000, 0, 0, 25010000, '2026-11-29 23:52:31.220292+00', 1, 0, 0),
	(6, 2, 1, '\x57d4d00e2f4f29a20d0f006e102a70dfe83bd68a1b8b5fd17d2f22b2919989cb', '\x9c553db82d7e84e4331b79b594353dc72ca4ec2fa10d3dc2eaeae10c38263c8e3c9b2330eea53fa0bec037d4d086f5d0ca852b956f0a9d3db25cf4d7', NULL, '2026-11-29 23:52:31.220292+00', 1, 0, 25010000, 0, 0, 25010000, NULL, NULL, 0, 40000000),
	(7, 1, 1, '\x2304c9916084a270652e31047a4b3c3de88ea63cefbd499bf4406404b25dd7c5', '\xe8d1c1d210d50bd3f9528d56269f50dda7cb69455d878cd3b46342cc8a13ea99d99027a2cac1dd5ec55f3b7f2ea7d5a304ba20f18d3cff62db637ef7', '\xdfa572e079720cd746803ec36214513de64f02e1e4fae6ebd2acd4caa7896e0b', '2026-11-29 23:52:29.665506+00', 0, 0, 25010000, 0, 0, 25010000, '2026-11-29 23:52:31.459284+00', 1, 0, 0),
	(7, 2, 1, '\x5d1cb692520ed6ee4be1614f61c63a73bf94c09ff29f1e6dd4052d1ad4d62157', '\x922ea847f6e7a8d8da580e3eb54abf4cecbcabecb19e226578ecb642c74f34c22f6da2ad9b9059ef0b6ed325506b097667dd0cdbff65a6e56d51fe58', NULL, '2026-11-29 23:52:31.459284+00', 1, 0, 25010000, 0, 0, 25010000, NULL, NULL, 0, 40000000),
	(8, 1, 1, '\x8a4883971e67ca9f53e2ea5de1062199d027c644f27a5e5a34eb6611e7b7bdbd', '\xbac512423e7bb2cb0b9796065a4af0296a4fb8a62d7e55ed7cc9b27a8adfa055182f97c39541f704febaa5d29e670086361d01c7caff571eb1c87400', '\xcf5b1c9575e8a6e5c9eec8d715e88edf8248a17c39ba747e57a34d02067ea43a', '2026-11-29 23:52:29.679623+00', 0, 0, 25010000, 0, 0, 25010000, '2026-11-29 23:52:31.479676+00', 5, 0, 0),
	(8, 2, 1, '\xad694d189436d1afb85815b4de370db06669fbc1cc3093645af3079f3e7331be', '\x2520aae7c060cb22d1d72363305b4d656bdaff7a718ebcadca626e275ebcfa1162aad0e1672ab382b4efb1affbf1c4a5f7dcd60e9d0a8fd7299b6746', NULL, '2026-11-29 23:52:31.479676+00', 5, 0, 25010000, 0, 0, 25010000, NULL, NULL, 0, 40000000);


--
-- Data for Name: dedupe_1; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.dedupe_1 VALUES
	('8a2d21f5-59ea-f176-411a-8d588965f149', '1c63b8f3-0160-6adb-451a-e5390e0615b5', 1, 8, 1),
	('2b624d74-9220-4ecf-3421-6f7217942550', '28889853-4af7-04d7-a754-5fc7102c645e', 2, 8, 1),
	('4f59355d-277d-cf0d-0ad8-651f5cddadab', 'a46cef58-b95e-4115-e0c4-319d6fd800a5', 3, 8, 1),
	('b0391511-f54e-f631-8101-d5cd62bfb277', '3b8c1b35-dfb4-fefa-634d-9075e78a5563', 4, 8, 1),
	('a68cde32-53d2-ddbb-da24-89e83acb97dc', 'c0a8f3f6-bc18-4484-2a20-45ef9aa44be0', 1, 4, 1),
	('93455546-7007-81d8-7ecc-5e05fce198bc', '235742a9-f44f-14b1-aaf8-655e875839ee', 1, 5, 1),
	('649bec77-5d9f-4f10-e9ca-afe562dce320', '2ad6e880-9dca-44a4-a049-7c24555f434c', 1, 6, 1),
	('a2fdb991-2f9f-6feb-d622-1d9757ca9f7f', 'c33ba42d-e708-f126-5c95-0fb68e64c170', 1, 7, 1),
	('761fdc91-845c-7450-d935-666785ca38d6', '85e07753-88e3-9b2b-5f85-d26425dae067', 5, 8, 1);


--
-- Data for Name: dedupe_window; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.dedupe_window VALUES
	(1, '2026-11-29 23:52:26.46301+00', NULL, NULL, NULL);


--
-- Data for Name: fan_out; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: jackpot; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.jackpot OVERRIDING SYSTEM VALUE VALUES
	(1, 'euro-spins', '{"name": "Euro Spins", "pools": [{"seed": 1000.00, "ceiling": 50000.00, "pool_id": "euro-spins-main", "trigger": {"kind": "random", "turnover_per_drop": 250000.00}, "reserve_ppm": 2500, "contribution_ppm": 10000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "euro-spins"}', 1, '2026-11-29 23:52:28.389674+00', NULL, NULL),
	(2, 'mega-net', '{"name": "Mega Net", "pools": [{"seed": 100000.00, "ceiling": 5000000.00, "pool_id": "mega-net-grand", "trigger": {"kind": "random", "turnover_per_drop": 50000000.00}, "reserve_ppm": 2000, "contribution_ppm": 8000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "mega-net"}', 1, '2026-11-29 23:52:28.533748+00', NULL, NULL),
	(3, 'quick-pot', '{"name": "Quick Pot", "pools": [{"seed": 5.00, "ceiling": 12.00, "pool_id": "quick-pot-main", "trigger": {"max": 12.00, "min": 10.00, "kind": "must_drop_by_amount"}, "reserve_ppm": 5000, "contribution_ppm": 20000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "quick-pot"}', 1, '2026-11-29 23:52:28.562295+00', NULL, NULL),
	(4, 'paid', '{"name": "Of an upgrade", "pools": [{"seed": 25.01, "pool_id": "paid-main", "trigger": {"max": 40.00, "min": 30.00, "kind": "must_drop_by_amount"}, "reserve_ppm": 0, "contribution_ppm": 20000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "paid"}', 1, '2026-11-29 23:52:29.612653+00', NULL, NULL),
	(5, 'lost', '{"name": "Of an upgrade", "pools": [{"seed": 25.01, "pool_id": "lost-main", "trigger": {"max": 40.00, "min": 30.00, "kind": "must_drop_by_amount"}, "reserve_ppm": 0, "contribution_ppm": 20000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "lost"}', 1, '2026-11-29 23:52:29.632714+00', NULL, NULL),
	(6, 'unanswered', '{"name": "Of an upgrade", "pools": [{"seed": 25.01, "pool_id": "unanswered-main", "trigger": {"max": 40.00, "min": 30.00, "kind": "must_drop_by_amount"}, "reserve_ppm": 0, "contribution_ppm": 20000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "unanswered"}', 1, '2026-11-29 23:52:29.650575+00', NULL, NULL),
	(7, 'waiting', '{"name": "Of an upgrade", "pools": [{"seed": 25.01, "pool_id": "waiting-main", "trigger": {"max": 40.00, "min": 30.00, "kind": "must_drop_by_amount"}, "reserve_ppm": 0, "contribution_ppm": 20000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "waiting"}', 1, '2026-11-29 23:52:29.664447+00', NULL, NULL),
	(8, 'shared', '{"name": "Of an upgrade", "pools": [{"seed": 25.01, "pool_id": "shared-main", "trigger": {"max": 40.00, "min": 30.00, "kind": "must_drop_by_amount"}, "community": [{"kind": "among_active", "hours": 1, "share_ppm": 300000, "winners_max": 3}], "reserve_ppm": 0, "contribution_ppm": 20000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "shared"}', 1, '2026-11-29 23:52:29.678758+00', NULL, NULL);


--
-- Data for Name: jackpot_state; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.jackpot_state VALUES
	(1, 1, 0, '\x956780eaf8a9311a49d638b9f6febe3fcf6a134adaf30197c79f323a75ec0ebe', 'active'),
	(2, 1, 0, '\x7ce19f154f032e15a12e98a8a793bd6d7a0077f4cf72850c94824ea0b00eb5f7', 'active'),
	(3, 1, 0, '\xeda099edc2cad947fe2eaa5a4334f0b82d47b1bf616f80fd951d175eaa07c390', 'active'),
	(4, 2, 1, '\xf05833694f85326e5ac76e3efd02835cae8e51acc06c30747b0553b0e807200f', 'active'),
	(5, 2, 1, '\x54e4cde806f7cfae2c2b3ca03a7fb6eab997c73c0803370febe8914d00c9b356', 'active'),
	(6, 2, 1, '\x27b3ce71574c215ec17cd174b6760e7ce0d596119572dd98eaf0413e022ec83f', 'active'),
	(7, 2, 1, '\x54ccae5f675021c24eb2c417b382d82eee8ca1ea0a564fef45e454b4cdc29e21', 'active'),
	(8, 6, 5, '\x0c87db9b50c1a74907a1b789bc620a9a0239db989e83219bdf82edef184df98c', 'active');


--
-- Data for Name: jackpot_terms; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.jackpot_terms OVERRIDING SYSTEM VALUE VALUES
	(1, 1, '{"name": "Euro Spins", "pools": [{"seed": 1000.00, "ceiling": 50000.00, "pool_id": "euro-spins-main", "trigger": {"kind": "random", "turnover_per_drop": 250000.00}, "reserve_ppm": 2500, "contribution_ppm": 10000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "euro-spins"}', 0, '2026-11-29 23:52:28.389674+00', NULL, false, 1),
	(2, 1, '{"name": "Mega Net", "pools": [{"seed": 100000.00, "ceiling": 5000000.00, "pool_id": "mega-net-grand", "trigger": {"kind": "random", "turnover_per_drop": 50000000.00}, "reserve_ppm": 2000, "contribution_ppm": 8000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "mega-net"}', 0, '2026-11-29 23:52:28.533748+00', NULL, false, 2),
	(3, 1, '{"name": "Quick Pot", "pools": [{"seed": 5.00, "ceiling": 12.00, "pool_id": "quick-pot-main", "trigger": {"max": 12.00, "min": 10.00, "kind": "must_drop_by_amount"}, "reserve_ppm": 5000, "contribution_ppm": 20000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "quick-pot"}', 0, '2026-11-29 23:52:28.562295+00', NULL, false, 3),
	(4, 1, '{"name": "Of an upgrade", "pools": [{"seed": 25.01, "pool_id": "paid-main", "trigger": {"max": 40.00, "min": 30.00, "kind": "must_drop_by_amount"}, "reserve_ppm": 0, "contribution_ppm": 20000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "paid"}', 0, '2026-11-29 23:52:29.612653+00', NULL, false, 4),
	(5, 1, '{"name": "Of an upgrade", "pools": [{"seed": 25.01, "pool_id": "lost-main", "trigger": {"max": 40.00, "min": 30.00, "kind": "must_drop_by_amount"}, "reserve_ppm": 0, "contribution_ppm": 20000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "lost"}', 0, '2026-11-29 23:52:29.632714+00', NULL, false, 5),
	(6, 1, '{"name": "Of an upgrade", "pools": [{"seed": 25.01, "pool_id": "unanswered-main", "trigger": {"max": 40.00, "min": 30.00, "kind": "must_drop_by_amount"}, "reserve_ppm": 0, "contribution_ppm": 20000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "unanswered"}', 0, '2026-11-29 23:52:29.650575+00', NULL, false, 6),
	(7, 1, '{"name": "Of an upgrade", "pools": [{"seed": 25.01, "pool_id": "waiting-main", "trigger": {"max": 40.00, "min": 30.00, "kind": "must_drop_by_amount"}, "reserve_ppm": 0, "contribution_ppm": 20000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "waiting"}', 0, '2026-11-29 23:52:29.664447+00', NULL, false, 7),
	(8, 1, '{"name": "Of an upgrade", "pools": [{"seed": 25.01, "pool_id": "shared-main", "trigger": {"max": 40.00, "min": 30.00, "kind": "must_drop_by_amount"}, "community": [{"kind": "among_active", "hours": 1, "share_ppm": 300000, "winners_max": 3}], "reserve_ppm": 0, "contribution_ppm": 20000}], "shard": "eu-mt-1", "tenants": ["brand-42"], "currency": "EUR", "jackpot_id": "shared"}', 0, '2026-11-29 23:52:29.678758+00', NULL, false, 8);


--
-- Data for Name: journal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.journal VALUES
	(1, 0, 1, 'seed', 0, 0, 1000000000, 0, 0, -1000000000, 0, 1, 0, '2026-11-29'),
	(2, 0, 1, 'seed', 0, 0, 100000000000, 0, 0, -100000000000, 0, 1, 0, '2026-11-29'),
	(3, 0, 1, 'seed', 0, 0, 5000000, 0, 0, -5000000, 0, 1, 0, '2026-11-29'),
	(4, 0, 1, 'seed', 0, 0, 25010000, 0, 0, -25010000, 0, 1, 0, '2026-11-29'),
	(5, 0, 1, 'seed', 0, 0, 25010000, 0, 0, -25010000, 0, 1, 0, '2026-11-29'),
	(6, 0, 1, 'seed', 0, 0, 25010000, 0, 0, -25010000, 0, 1, 0, '2026-11-29'),
	(7, 0, 1, 'seed', 0, 0, 25010000, 0, 0, -25010000, 0, 1, 0, '2026-11-29'),
	(8, 0, 1, 'seed', 0, 0, 25010000, 0, 0, -25010000, 0, 1, 0, '2026-11-29'),
	(8, 1, 1, 'batch', -20000, 20000, 0, 0, 0, 0, 0, 2, 0, '2026-11-29'),
	(8, 2, 1, 'batch', -40000, 40000, 0, 0, 0, 0, 0, 3, 0, '2026-11-29'),
	(8, 3, 1, 'batch', -60000, 60000, 0, 0, 0, 0, 0, 4, 0, '2026-11-29'),
	(8, 4, 1, 'batch', -80000, 80000, 0, 0, 0, 0, 0, 5, 0, '2026-11-29'),
	(4, 1, 1, 'batch', -18000000, 0, -25010000, 0, 3010000, 0, 40000000, 2, 0, '2026-11-29'),
	(4, 1, 2, 'seed', 0, 0, 25010000, 0, -3010000, -22000000, 0, 2, 0, '2026-11-29'),
	(5, 1, 1, 'batch', -18000000, 0, -25010000, 0, 3010000, 0, 40000000, 2, 0, '2026-11-29'),
	(5, 1, 2, 'seed', 0, 0, 25010000, 0, -3010000, -22000000, 0, 2, 0, '2026-11-29'),
	(6, 1, 1, 'batch', -18000000, 0, -25010000, 0, 3010000, 0, 40000000, 2, 0, '2026-11-29'),
	(6, 1, 2, 'seed', 0, 0, 25010000, 0, -3010000, -22000000, 0, 2, 0, '2026-11-29'),
	(7, 1, 1, 'batch', -18000000, 0, -25010000, 0, 3010000, 0, 40000000, 2, 0, '2026-11-29'),
	(7, 1, 2, 'seed', 0, 0, 25010000, 0, -3010000, -22000000, 0, 2, 0, '2026-11-29'),
	(8, 5, 1, 'batch', -18000000, -200000, -25010000, 0, 3210000, 0, 40000000, 6, 0, '2026-11-29'),
	(8, 5, 2, 'seed', 0, 0, 25010000, 0, -3210000, -21800000, 0, 6, 0, '2026-11-29');


--
-- Data for Name: journal_day; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: outbox; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: payout; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.payout VALUES
	('payout-deb8285c819abbd42883da15aaabc8fd', 'deb8285c819abbd42883da15aaabc8fd', 'credited', NULL, 1, '2026-11-29 23:52:30.055716+00', '2026-11-29 23:52:30.542161+00', 0, 'brand-42', 'player-paid-drop', 40000000, NULL),
	('payout-e688ffb6a86b583b738ec02da35b289e', 'e688ffb6a86b583b738ec02da35b289e', 'crediting', NULL, 1, '2026-11-29 23:52:30.929551+00', '2026-11-29 23:52:30.984059+00', 0, 'brand-42', 'player-lost-drop', 40000000, NULL),
	('payout-4f1a51aeed8a8585cc400516e6f2d4fd', '4f1a51aeed8a8585cc400516e6f2d4fd', 'crediting', NULL, 1, '2026-11-29 23:52:31.220292+00', '2026-11-29 23:52:31.248962+00', 0, 'brand-42', 'player-unanswered-drop', 40000000, NULL),
	('payout-d4810c5f7a161b59dd93ecaa5e53fac3', 'd4810c5f7a161b59dd93ecaa5e53fac3', 'requested', NULL, 0, '2026-11-29 23:52:31.459284+00', '2026-11-29 23:52:31.459284+00', 0, 'brand-42', 'player-waiting-drop', 40000000, NULL),
	('payout-d30a5fee6777c3f09389d052ef9cbd05', 'd30a5fee6777c3f09389d052ef9cbd05', 'sharing', NULL, 0, '2026-11-29 23:52:31.479676+00', '2026-11-29 23:52:31.479676+00', 0, 'brand-42', 'player-shared-drop', 40000000, NULL);


--
-- Data for Name: player_opt_in; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: player_standing; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: pool; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.pool OVERRIDING SYSTEM VALUE VALUES
	(1, 'euro-spins-main', 1, 0),
	(2, 'mega-net-grand', 2, 0),
	(3, 'quick-pot-main', 3, 0),
	(4, 'paid-main', 4, 0),
	(5, 'lost-main', 5, 0),
	(6, 'unanswered-main', 6, 0),
	(7, 'waiting-main', 7, 0),
	(8, 'shared-main', 8, 0);


--
-- Data for Name: pool_state; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.pool_state VALUES
	(1, 1, 0, 0, 1000000000, 0, 0, 1000000000, 0, 0, 0),
	(2, 1, 0, 0, 100000000000, 0, 0, 100000000000, 0, 0, 0),
	(3, 1, 0, 0, 5000000, 0, 0, 5000000, 0, 0, 0),
	(4, 2, 1, 0, 25010000, 0, 0, 25010000, 0, 0, 40000000),
	(5, 2, 1, 0, 25010000, 0, 0, 25010000, 0, 0, 40000000),
	(6, 2, 1, 0, 25010000, 0, 0, 25010000, 0, 0, 40000000),
	(7, 2, 1, 0, 25010000, 0, 0, 25010000, 0, 0, 40000000),
	(8, 2, 5, 0, 25010000, 0, 0, 25010000, 0, 0, 40000000);


--
-- Data for Name: quarantine; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: report; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_version VALUES
	('001_ledger.sql', '2026-11-29 23:52:26.46301+00'),
	('002_rulebook.sql', '2026-11-29 23:52:26.46301+00'),
	('003_players.sql', '2026-11-29 23:52:26.46301+00'),
	('004_payout_shares.sql', '2026-11-29 23:52:26.46301+00'),
	('005_storage.sql', '2026-11-29 23:52:26.46301+00'),
	('006_lifecycle.sql', '2026-11-29 23:52:26.46301+00'),
	('007_reports.sql', '2026-11-29 23:52:26.46301+00'),
	('009_award_terms.sql', '2026-11-29 23:52:26.46301+00'),
	('010_payout_by_player.sql', '2026-11-29 23:52:26.46301+00'),
	('011_outbox_compression.sql', '2026-11-29 23:52:26.46301+00');


--
-- Data for Name: template; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: transfer_order; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: trigger_call; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Name: balancing_run_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.balancing_run_id_seq', 1, false);


--
-- Name: config_change_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.config_change_id_seq', 1, false);


--
-- Name: jackpot_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.jackpot_id_seq', 8, true);


--
-- Name: jackpot_terms_ordinal_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.jackpot_terms_ordinal_seq', 8, true);


--
-- Name: outbox_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.outbox_id_seq', 19, true);


--
-- Name: player_opt_in_version_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.player_opt_in_version_seq', 1, false);


--
-- Name: player_standing_version_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.player_standing_version_seq', 1, false);


--
-- Name: pool_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.pool_id_seq', 8, true);


--
-- Name: quarantine_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.quarantine_id_seq', 1, false);


--
-- Name: report_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.report_id_seq', 1, false);


--
-- Name: transfer_order_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.transfer_order_id_seq', 1, false);


--
-- Name: archived_partition archived_partition_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.archived_partition
    ADD CONSTRAINT archived_partition_pkey PRIMARY KEY (day);


--
-- Name: audit_entry audit_entry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (number);


--
-- Name: award award_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.award
    ADD CONSTRAINT award_pkey PRIMARY KEY (award_id);


--
-- Name: award award_pool_cycle_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.award
    ADD CONSTRAINT award_pool_cycle_key UNIQUE (pool, cycle);


--
-- Name: balancing_incident balancing_incident_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.balancing_incident
    ADD CONSTRAINT balancing_incident_pkey PRIMARY KEY (jackpot, version);


--
-- Name: balancing_mark balancing_mark_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.balancing_mark
    ADD CONSTRAINT balancing_mark_pkey PRIMARY KEY (jackpot);


--
-- Name: balancing_run balancing_run_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.balancing_run
    ADD CONSTRAINT balancing_run_pkey PRIMARY KEY (id);


--
-- Name: batch batch_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (jackpot, first_sequence);


--
-- Name: config_change config_change_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.config_change
    ADD CONSTRAINT config_change_pkey PRIMARY KEY (id);


--
-- Name: contribution_day contribution_day_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contribution_day
    ADD CONSTRAINT contribution_day_pkey PRIMARY KEY (jackpot, day, tenant_id);


--
-- Name: cycle cycle_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cycle
    ADD CONSTRAINT cycle_pkey PRIMARY KEY (pool, cycle);


--
-- Name: dedupe_1 dedupe_1_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.dedupe_1
    ADD CONSTRAINT dedupe_1_pkey PRIMARY KEY (key16);


--
-- Name: dedupe_window dedupe_window_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.dedupe_window
    ADD CONSTRAINT dedupe_window_pkey PRIMARY KEY (number);


--
-- Name: fan_out fan_out_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.fan_out
    ADD CONSTRAINT fan_out_pkey PRIMARY KEY (key16);


--
-- Name: jackpot jackpot_jackpot_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.jackpot
    ADD CONSTRAINT jackpot_jackpot_id_key UNIQUE (jackpot_id);


--
-- Name: jackpot jackpot_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.jackpot
    ADD CONSTRAINT jackpot_pkey PRIMARY KEY (id);


--
-- Name: jackpot_state jackpot_state_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.jackpot_state
    ADD CONSTRAINT jackpot_state_pkey PRIMARY KEY (id);


--
-- Name: jackpot_terms jackpot_terms_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.jackpot_terms
    ADD CONSTRAINT jackpot_terms_pkey PRIMARY KEY (jackpot, version);


--
-- Name: journal_day journal_day_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.journal_day
    ADD CONSTRAINT journal_day_pkey PRIMARY KEY (pool, day);


--
-- Name: journal journal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (pool, version, kind);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);


--
-- Name: payout payout_of_winner; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.payout
    ADD CONSTRAINT payout_of_winner UNIQUE (award_id, winner);


--
-- Name: payout payout_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.payout
    ADD CONSTRAINT payout_pkey PRIMARY KEY (payout_id);


--
-- Name: player_opt_in player_opt_in_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.player_opt_in
    ADD CONSTRAINT player_opt_in_pkey PRIMARY KEY (version);


--
-- Name: player_standing player_standing_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.player_standing
    ADD CONSTRAINT player_standing_pkey PRIMARY KEY (version);


--
-- Name: pool pool_jackpot_tier_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pool
    ADD CONSTRAINT pool_jackpot_tier_key UNIQUE (jackpot, tier);


--
-- Name: pool pool_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pool
    ADD CONSTRAINT pool_pkey PRIMARY KEY (id);


--
-- Name: pool pool_pool_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pool
    ADD CONSTRAINT pool_pool_id_key UNIQUE (pool_id);


--
-- Name: pool_state pool_state_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pool_state
    ADD CONSTRAINT pool_state_pkey PRIMARY KEY (id);


--
-- Name: quarantine quarantine_key16_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_key16_key UNIQUE (key16);


--
-- Name: quarantine quarantine_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (id);


--
-- Name: report report_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (id);


--
-- Name: schema_version schema_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (name);


--
-- Name: template template_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_pkey PRIMARY KEY (template_id);


--
-- Name: transfer_order transfer_order_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transfer_order
    ADD CONSTRAINT transfer_order_pkey PRIMARY KEY (id);


--
-- Name: trigger_call trigger_call_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.trigger_call
    ADD CONSTRAINT trigger_call_pkey PRIMARY KEY (caller, call_id);


--
-- Name: audit_entry_by_component; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entry_by_component ON public.audit_entry USING btree (component);


--
-- Name: audit_entry_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entry_by_time ON public.audit_entry USING btree (at_ms);


--
-- Name: award_by_player; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX award_by_player ON public.award USING btree (tenant_id, player_id, awarded_at);


--
-- Name: award_by_sequence; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX award_by_sequence ON public.award USING btree (jackpot, sequence);


--
-- Name: award_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX award_by_time ON public.award USING btree (awarded_at);


--
-- Name: config_change_by_jackpot; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX config_change_by_jackpot ON public.config_change USING btree (jackpot, id);


--
-- Name: config_change_pending; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX config_change_pending ON public.config_change USING btree (jackpot) WHERE (status = 'approved'::text);


--
-- Name: contribution_by_sequence; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX contribution_by_sequence ON ONLY public.contribution USING btree (jackpot, sequence);


--
-- Name: contribution_20261129_jackpot_sequence_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX contribution_20261129_jackpot_sequence_idx ON public.contribution_20261129 USING btree (jackpot, sequence);


--
-- Name: contribution_20261130_jackpot_sequence_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX contribution_20261130_jackpot_sequence_idx ON public.contribution_20261130 USING btree (jackpot, sequence);


--
-- Name: contribution_20261201_jackpot_sequence_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX contribution_20261201_jackpot_sequence_idx ON public.contribution_20261201 USING btree (jackpot, sequence);


--
-- Name: contribution_20261202_jackpot_sequence_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX contribution_20261202_jackpot_sequence_idx ON public.contribution_20261202 USING btree (jackpot, sequence);


--
-- Name: dedupe_window_open; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX dedupe_window_open ON public.dedupe_window USING btree ((true)) WHERE (closed_at IS NULL);


--
-- Name: jackpot_by_template; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX jackpot_by_template ON public.jackpot USING btree (template) WHERE (template IS NOT NULL);


--
-- Name: jackpot_terms_ordinal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX jackpot_terms_ordinal ON public.jackpot_terms USING btree (ordinal);


--
-- Name: jackpot_terms_untold; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX jackpot_terms_untold ON public.jackpot_terms USING btree (jackpot, version) WHERE ((change IS NOT NULL) AND (NOT told));


--
-- Name: journal_in_day_order; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX journal_in_day_order ON public.journal USING brin (day);


--
-- Name: payout_by_player; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX payout_by_player ON public.payout USING btree (tenant_id, player_id);


--
-- Name: payout_unfinished; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX payout_unfinished ON public.payout USING btree (changed_at) WHERE (state = ANY (ARRAY['sharing'::text, 'requested'::text, 'crediting'::text]));


--
-- Name: player_opt_in_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX player_opt_in_newest ON public.player_opt_in USING btree (tenant_id, player_id, jackpot, version DESC);


--
-- Name: player_standing_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX player_standing_newest ON public.player_standing USING btree (tenant_id, player_id, version DESC);


--
-- Name: quarantine_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX quarantine_open ON public.quarantine USING btree (status, id) WHERE (status = ANY (ARRAY['held'::text, 'releasing'::text]));


--
-- Name: report_by_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_by_age ON public.report USING btree (generated_at);


--
-- Name: transfer_order_by_source; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transfer_order_by_source ON public.transfer_order USING btree (source, id);


--
-- Name: transfer_order_open; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX transfer_order_open ON public.transfer_order USING btree (source) WHERE (status = 'proposed'::text);


--
-- Name: contribution_20261129_jackpot_sequence_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.contribution_by_sequence ATTACH PARTITION public.contribution_20261129_jackpot_sequence_idx;


--
-- Name: contribution_20261130_jackpot_sequence_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.contribution_by_sequence ATTACH PARTITION public.contribution_20261130_jackpot_sequence_idx;


--
-- Name: contribution_20261201_jackpot_sequence_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.contribution_by_sequence ATTACH PARTITION public.contribution_20261201_jackpot_sequence_idx;


--
-- Name: contribution_20261202_jackpot_sequence_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.contribution_by_sequence ATTACH PARTITION public.contribution_20261202_jackpot_sequence_idx;


--
-- Name: audit_entry audit_entry_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION public.jp_refuse_change();


--
-- Name: award award_is_shared; Type: TRIGGER; Schema: public; Owner: -
--

CREATE CONSTRAINT TRIGGER award_is_shared AFTER INSERT OR UPDATE OF amount, house ON public.award DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.jp_check_award();


--
-- Name: payout payout_keeps_sum; Type: TRIGGER; Schema: public; Owner: -
--

CREATE CONSTRAINT TRIGGER payout_keeps_sum AFTER UPDATE OF amount, award_id ON public.payout DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.jp_check_award();


--
-- Name: payout payouts_are_the_award; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER payouts_are_the_award AFTER INSERT ON public.payout REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.jp_check_payouts();


--
-- Name: payout payouts_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER payouts_stay AFTER DELETE ON public.payout REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.jp_check_payouts();


--
-- Name: player_opt_in player_opt_in_no_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER player_opt_in_no_update BEFORE UPDATE OR TRUNCATE ON public.player_opt_in FOR EACH STATEMENT EXECUTE FUNCTION public.jp_refuse_change();


--
-- Name: player_standing player_standing_no_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER player_standing_no_update BEFORE UPDATE OR TRUNCATE ON public.player_standing FOR EACH STATEMENT EXECUTE FUNCTION public.jp_refuse_change();


--
-- Name: award award_pool_cycle_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.award
    ADD CONSTRAINT award_pool_cycle_fkey FOREIGN KEY (pool, cycle) REFERENCES public.cycle(pool, cycle);


--
-- Name: balancing_incident balancing_incident_jackpot_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.balancing_incident
    ADD CONSTRAINT balancing_incident_jackpot_fkey FOREIGN KEY (jackpot) REFERENCES public.jackpot(id);


--
-- Name: balancing_mark balancing_mark_jackpot_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.balancing_mark
    ADD CONSTRAINT balancing_mark_jackpot_fkey FOREIGN KEY (jackpot) REFERENCES public.jackpot(id);


--
-- Name: config_change config_change_jackpot_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.config_change
    ADD CONSTRAINT config_change_jackpot_fkey FOREIGN KEY (jackpot) REFERENCES public.jackpot(id);


--
-- Name: contribution_day contribution_day_jackpot_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contribution_day
    ADD CONSTRAINT contribution_day_jackpot_fkey FOREIGN KEY (jackpot) REFERENCES public.jackpot(id);


--
-- Name: cycle cycle_pool_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cycle
    ADD CONSTRAINT cycle_pool_fkey FOREIGN KEY (pool) REFERENCES public.pool(id);


--
-- Name: jackpot_state jackpot_state_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.jackpot_state
    ADD CONSTRAINT jackpot_state_id_fkey FOREIGN KEY (id) REFERENCES public.jackpot(id);


--
-- Name: jackpot jackpot_template_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.jackpot
    ADD CONSTRAINT jackpot_template_fkey FOREIGN KEY (template) REFERENCES public.template(template_id);


--
-- Name: jackpot_terms jackpot_terms_change_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.jackpot_terms
    ADD CONSTRAINT jackpot_terms_change_fkey FOREIGN KEY (change) REFERENCES public.config_change(id);


--
-- Name: jackpot_terms jackpot_terms_jackpot_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.jackpot_terms
    ADD CONSTRAINT jackpot_terms_jackpot_fkey FOREIGN KEY (jackpot) REFERENCES public.jackpot(id);


--
-- Name: journal_day journal_day_pool_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.journal_day
    ADD CONSTRAINT journal_day_pool_fkey FOREIGN KEY (pool) REFERENCES public.pool(id);


--
-- Name: payout payout_award_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.payout
    ADD CONSTRAINT payout_award_id_fkey FOREIGN KEY (award_id) REFERENCES public.award(award_id);


--
-- Name: player_opt_in player_opt_in_jackpot_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.player_opt_in
    ADD CONSTRAINT player_opt_in_jackpot_fkey FOREIGN KEY (jackpot) REFERENCES public.jackpot(id);


--
-- Name: pool pool_jackpot_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pool
    ADD CONSTRAINT pool_jackpot_fkey FOREIGN KEY (jackpot) REFERENCES public.jackpot(id);


--
-- Name: pool_state pool_state_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pool_state
    ADD CONSTRAINT pool_state_id_fkey FOREIGN KEY (id) REFERENCES public.pool(id);


--
-- Name: quarantine quarantine_jackpot_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_jackpot_fkey FOREIGN KEY (jackpot) REFERENCES public.jackpot(id);


--
-- Name: transfer_order transfer_order_source_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transfer_order
    ADD CONSTRAINT transfer_order_source_fkey FOREIGN KEY (source) REFERENCES public.jackpot(id);


--
-- Name: trigger_call trigger_call_award_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.trigger_call
    ADD CONSTRAINT trigger_call_award_id_fkey FOREIGN KEY (award_id) REFERENCES public.award(award_id);


--
-- PostgreSQL database dump complete
--

\unrestrict N2dDnwkSQhKBvJsowe4ism7Y6pwD0goiEFEWjwJJCJnVX3WVdGgOpcWljMTiJVb

