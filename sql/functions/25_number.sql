-- Activations as the programs read them: struct activation_row. A new column
-- comes last (a view is only replaced so); a session that has prepared a
-- statement over this one prepares it anew. in_state is for conditions: the
-- planner knows how often its values occur, of lower() it does not.
SELECT numlease.act_as_owner();

CREATE OR REPLACE VIEW numlease.numbers WITH (security_invoker) AS
SELECT a.id, a.number, a.user_id, a.service, a.country, a.operator, a.door,
       a.state AS in_state, lower(a.state) AS state, a.price, a.max_price,
       a.charged, a.provider_id, a.upstream_id, a.phone, a.cost, a.cause,
       a.created_at, a.activated_at, a.expires_at, a.cancel_after,
       a.first_sms_at, a.closed_at, a.event = 'resend' AS awaits_more,
       (SELECT m.code FROM numlease.messages m
         WHERE m.activation_id = a.id AND m.code IS NOT NULL
         ORDER BY m.id DESC LIMIT 1) AS code
  FROM numlease.activations a;

SELECT numlease.grant_to('SELECT ON numlease.numbers',
    'numlease_api', 'numlease_worker');
