-- Who may call what. Everything is taken from everybody first, so a new
-- function can be called by nobody until it stands here.
SELECT numlease.act_as_owner();

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA numlease FROM PUBLIC;

DO $$
DECLARE
	f record;
BEGIN
	FOR f IN
		SELECT p.oid::regprocedure AS name, g.roles
		  FROM (VALUES
		    ('activation_reserve',        ARRAY['numlease_api']),
		    ('idempotency_finish',        ARRAY['numlease_api']),
		    ('activation_cancel_request', ARRAY['numlease_api', 'numlease_worker']),
		    ('activation_abandon',        ARRAY['numlease_api']),
		    ('activation_finish',         ARRAY['numlease_api', 'numlease_worker']),
		    ('activation_resend',         ARRAY['numlease_api']),
		    ('activation_report',         ARRAY['numlease_api']),
		    ('activation_end',            ARRAY['numlease_worker']),
		    ('activation_missing',        ARRAY['numlease_worker']),
		    ('poll_known',                ARRAY['numlease_worker']),
		    ('activation_expire',         ARRAY['numlease_worker']),
		    ('activation_activate',       ARRAY['numlease_worker']),
		    ('activation_fail',           ARRAY['numlease_worker']),
		    ('lease_claim',               ARRAY['numlease_worker']),
		    ('lease_requeue',             ARRAY['numlease_worker']),
		    ('attempt_start',             ARRAY['numlease_worker']),
		    ('attempt_rate',              ARRAY['numlease_worker']),
		    ('decisions_keep',            ARRAY['numlease_worker']),
		    ('attempt_fail',              ARRAY['numlease_worker']),
		    ('attempt_unknown',           ARRAY['numlease_worker']),
		    ('attempt_pending',           ARRAY['numlease_worker']),
		    ('attempt_resolve_absent',    ARRAY['numlease_worker']),
		    ('attempt_postpone',          ARRAY['numlease_worker']),
		    ('attempt_give_up',           ARRAY['numlease_worker']),
		    ('attempt_doubt',             ARRAY['numlease_worker']),
		    ('attempt_alone',             ARRAY['numlease_worker']),
		    ('attempt_balance',           ARRAY['numlease_worker']),
		    ('doubt_close',               ARRAY[]::text[]),
		    ('unknown_due',               ARRAY['numlease_worker']),
		    ('messages_store',            ARRAY['numlease_worker']),
		    ('receivable_refund',         ARRAY[]::text[]),
		    ('receivable_write_off',      ARRAY[]::text[]),
		    ('provider_drift',            ARRAY['numlease_api', 'numlease_worker', 'numlease_ro']),
		    ('provider_drift_tell',       ARRAY['numlease_worker']),
		    ('provider_baseline_set',     ARRAY[]::text[]),
		    ('orphan_add',                ARRAY['numlease_worker']),
		    ('orphan_due',                ARRAY['numlease_worker']),
		    ('orphan_tell',               ARRAY['numlease_worker']),
		    ('orphan_done',               ARRAY['numlease_worker']),
		    ('outbox_claim',              ARRAY['numlease_worker']),
		    ('outbox_done',               ARRAY['numlease_worker']),
		    ('outbox_retry',              ARRAY['numlease_worker']),
		    ('poll_adopt',                ARRAY['numlease_worker']),
		    ('poll_release',              ARRAY['numlease_worker']),
		    ('poll_due',                  ARRAY['numlease_worker']),
		    ('poll_next',                 ARRAY['numlease_worker']),
		    ('cleanup_sessions',          ARRAY['numlease_worker']),
		    ('cleanup_idempotency',       ARRAY['numlease_worker']),
		    ('cleanup_messages',          ARRAY['numlease_worker']),
		    ('cleanup_deliveries',        ARRAY['numlease_worker']),
		    ('cleanup_exchanges',         ARRAY['numlease_worker']),
		    ('deliveries_claim',          ARRAY['numlease_worker']),
		    ('deliveries_settle',         ARRAY['numlease_worker']),
		    ('offers_put',                ARRAY['numlease_worker']),
		    ('offers_take',               ARRAY['numlease_worker']),
		    ('rates_count',               ARRAY['numlease_worker']),
		    ('ledger_rollup',             ARRAY['numlease_worker']),
		    ('ledger_verify',             ARRAY['numlease_worker', 'numlease_ro']),
		    ('ledger_prove',              ARRAY['numlease_worker']),
		    ('money_switch',              ARRAY[]::text[]),
		    ('wallet_credit',             ARRAY['numlease_admin']),
		    ('voucher_make',              ARRAY['numlease_admin']),
		    ('voucher_revoke',            ARRAY['numlease_admin']),
		    ('voucher_redeem',            ARRAY['numlease_api']),
		    ('fx_put',                    ARRAY[]::text[]),
		    ('fx_set',                    ARRAY['numlease_admin']),
		    ('price_rule_add',            ARRAY['numlease_admin']),
		    ('price_rule_end',            ARRAY['numlease_admin']),
		    ('quote_use',                 ARRAY['numlease_api']),
		    ('price_floor_set',           ARRAY[]::text[]),
		    ('provider_put',              ARRAY[]::text[]),
		    ('provider_map_defaults',     ARRAY[]::text[]),
		    -- used inside queries of every role
		    ('priced',      ARRAY['numlease_api', 'numlease_worker', 'numlease_ro']),
		    ('price_rule_for', ARRAY['numlease_api', 'numlease_worker', 'numlease_ro']),
		    ('price_by',    ARRAY['numlease_api', 'numlease_worker', 'numlease_ro']),
		    ('fade',        ARRAY['numlease_api', 'numlease_worker', 'numlease_ro']),
		    ('cost_cap',    ARRAY['numlease_worker']),
		    ('price_of',    ARRAY['numlease_api', 'numlease_worker', 'numlease_ro']),
		    ('prices_of',   ARRAY['numlease_api', 'numlease_worker', 'numlease_ro']),
		    ('setting_int', ARRAY['numlease_api', 'numlease_worker', 'numlease_ro']),
		    ('time_of',     ARRAY['numlease_api', 'numlease_worker', 'numlease_ro']),
		    ('ms',          ARRAY['numlease_api', 'numlease_worker', 'numlease_ro']))
		    g (name, roles)
		  LEFT JOIN pg_proc p ON p.proname = g.name
		   AND p.pronamespace = 'numlease'::regnamespace
	LOOP
		IF f.name IS NULL THEN
			RAISE EXCEPTION 'a function in the list of grants does not exist';
		END IF;
		PERFORM numlease.grant_to('EXECUTE ON FUNCTION ' || f.name, VARIADIC f.roles);
	END LOOP;
END
$$;
