--
-- PostgreSQL database dump
--

\restrict ddXuhkKH5SPSE8xtiYbJMe2VuRmVDEj6rFXbm1CEdoErNAzZcWmiUW7mKDV4R8o

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

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: wallet_transaction; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.wallet_transaction (
    transaction_id text NOT NULL,
    "position" bigint NOT NULL,
    body_hash bytea NOT NULL,
    transaction_type text NOT NULL,
    tenant_id text NOT NULL,
    player_id text NOT NULL,
    currency text NOT NULL,
    amount_micros bigint NOT NULL,
    reference text,
    status text NOT NULL,
    reason text,
    balance_micros bigint NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    CONSTRAINT wallet_transaction_amount_micros_check CHECK ((amount_micros > 0)),
    CONSTRAINT wallet_transaction_status_check CHECK ((status = ANY (ARRAY['done'::text, 'refused'::text]))),
    CONSTRAINT wallet_transaction_transaction_type_check CHECK ((transaction_type = ANY (ARRAY['Credit'::text, 'Debit'::text])))
);


--
-- Name: wallet_apply(text, bytea, text, text, text, text, bigint, text, text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.wallet_apply(p_id text, p_hash bytea, p_type text, p_tenant text, p_player text, p_currency text, p_micros bigint, p_reference text, p_refusal text) RETURNS SETOF public.wallet_transaction
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_balance bigint;
    v_refusal text := p_refusal;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('wallet_apply'));
    RETURN QUERY SELECT * FROM wallet_transaction t WHERE t.transaction_id = p_id;
    IF FOUND THEN
        RETURN;
    END IF;

    SELECT b.balance_micros INTO v_balance FROM wallet_balance b
     WHERE b.tenant_id = p_tenant AND b.player_id = p_player AND b.currency = p_currency;
    v_balance := coalesce(v_balance, 0);

    IF v_refusal IS NULL THEN
        v_refusal := CASE
            WHEN EXISTS (SELECT FROM wallet_closed_player c WHERE c.tenant_id = p_tenant AND c.player_id = p_player) THEN 'player_closed'
            WHEN p_type = 'Debit' AND v_balance < p_micros THEN 'insufficient_funds'
        END;
    END IF;

    IF v_refusal IS NULL THEN
        v_balance := v_balance + CASE p_type WHEN 'Credit' THEN p_micros ELSE -p_micros END;
        INSERT INTO wallet_balance AS b VALUES (p_tenant, p_player, p_currency, v_balance)
        ON CONFLICT (tenant_id, player_id, currency) DO UPDATE SET balance_micros = excluded.balance_micros;
    END IF;

    RETURN QUERY INSERT INTO wallet_transaction AS t VALUES (
        p_id, (SELECT coalesce(max(position), 0) + 1 FROM wallet_transaction), p_hash, p_type, p_tenant, p_player, p_currency,
        p_micros, p_reference, CASE WHEN v_refusal IS NULL THEN 'done' ELSE 'refused' END, v_refusal, v_balance, clock_timestamp())
        RETURNING t.*;
END $$;


--
-- Name: wallet_balance; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.wallet_balance (
    tenant_id text NOT NULL,
    player_id text NOT NULL,
    currency text NOT NULL,
    balance_micros bigint NOT NULL,
    CONSTRAINT wallet_balance_balance_micros_check CHECK ((balance_micros >= 0))
);


--
-- Name: wallet_closed_player; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.wallet_closed_player (
    tenant_id text NOT NULL,
    player_id text NOT NULL
);


--
-- Data for Name: wallet_balance; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.wallet_balance VALUES
	('brand-42', 'player-paid-drop', 'EUR', 40000000),
	('brand-42', 'player-lost-drop', 'EUR', 40000000);


--
-- Data for Name: wallet_closed_player; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: wallet_transaction; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.wallet_transaction VALUES
	('payout-deb8285c819abbd42883da15aaabc8fd', 1, '\x6b2f326137f4270c42236c6dd6fe3a93ebbc14b8b4302f57e1a85fed26d1fa7b', 'Credit', 'brand-42', 'player-paid-drop', 'EUR', 40000000, 'deb8285c819abbd42883da15aaabc8fd', 'done', NULL, 40000000, '2026-11-29 23:52:30.484753+00'),
	('payout-e688ffb6a86b583b738ec02da35b289e', 2, '\xe044171b848a83a733d63a1557f3bdd12393e5f3b21eb07abe06482699bb9bb1', 'Credit', 'brand-42', 'player-lost-drop', 'EUR', 40000000, 'e688ffb6a86b583b738ec02da35b289e', 'done', NULL, 40000000, '2026-11-29 23:52:30.989582+00');


--
-- Name: wallet_balance wallet_balance_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.wallet_balance
    ADD CONSTRAINT wallet_balance_pkey PRIMARY KEY (tenant_id, player_id, currency);


--
-- Name: wallet_closed_player wallet_closed_player_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.wallet_closed_player
    ADD CONSTRAINT wallet_closed_player_pkey PRIMARY KEY (tenant_id, player_id);


--
-- Name: wallet_transaction wallet_transaction_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.wallet_transaction
    ADD CONSTRAINT wallet_transaction_pkey PRIMARY KEY (transaction_id);


--
-- Name: wallet_transaction wallet_transaction_position_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.wallet_transaction
    ADD CONSTRAINT wallet_transaction_position_key UNIQUE ("position");


--
-- Name: wallet_transaction_player; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX wallet_transaction_player ON public.wallet_transaction USING btree (tenant_id, player_id, "position");


--
-- PostgreSQL database dump complete
--

\unrestrict ddXuhkKH5SPSE8xtiYbJMe2VuRmVDEj6rFXbm1CEdoErNAzZcWmiUW7mKDV4R8o

