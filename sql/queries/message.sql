-- SMS.

-- name: messages_store
-- Stores SMS once; the first one captures the hold.
SELECT ord, status, message_id, activation_id, user_id, number,
    lower(state) AS state, charged
FROM numlease.messages_store($1::uuid[], $2::text[], $3::text[], $4::text[],
    $5::text[], $6::bigint[]);

-- name: message_list
-- The SMS of these activations, oldest first.
-- read
SELECT m.id, m.activation_id, m.sender, m.body AS text, m.code, m.is_free,
    m.received_at
FROM numlease.messages m
WHERE m.activation_id = ANY ($1::uuid[])
ORDER BY m.activation_id, m.id;
