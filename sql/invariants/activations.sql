-- Every activation that runs can go on: a RESERVED one has its order or a
-- purchase under way, an ACTIVE one is polled, a CANCELLING one has a call
-- that waits, a number that is polled, or a purchase under way.
SELECT a.id, a.state, 'nothing moves it' AS problem
  FROM numlease.activations a
 WHERE a.closed_at IS NULL
   AND NOT EXISTS (SELECT FROM numlease.outbox o
       WHERE o.key = a.id AND o.topic IN ('lease', 'cancel'))
   AND NOT EXISTS (SELECT FROM numlease.attempts t
       WHERE t.activation_id = a.id AND t.unsettled_at IS NOT NULL)
   AND NOT EXISTS (SELECT FROM numlease.polls p WHERE p.activation_id = a.id)
UNION ALL
-- The timeline is whole and ends in the state.
SELECT a.id, a.state, 'timeline' FROM numlease.activations a
  LEFT JOIN (SELECT activation_id, count(*) AS n, max(seq) AS last
               FROM numlease.activation_events GROUP BY 1) e
    ON e.activation_id = a.id
 WHERE e.n IS DISTINCT FROM a.seq OR e.last IS DISTINCT FROM a.seq
UNION ALL
-- A number belongs to the attempt that bought it.
SELECT a.id, a.state, 'number' FROM numlease.activations a
  LEFT JOIN numlease.attempts t ON t.id = a.attempt_id
 WHERE a.attempt_id IS NOT NULL
   AND (t.activation_id, t.provider_id, t.upstream_id, t.phone, t.cost)
       IS DISTINCT FROM (a.id, a.provider_id, a.upstream_id, a.phone, a.cost)
UNION ALL
-- Nothing is polled that is over.
SELECT a.id, a.state, 'polled' FROM numlease.activations a
  JOIN numlease.polls p ON p.activation_id = a.id
 WHERE a.closed_at IS NOT NULL;
