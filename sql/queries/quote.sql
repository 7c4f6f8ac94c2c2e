-- Prices that were promised.

-- name: quote_use
-- Takes up quote $1 of user $2 for the key $3.
SELECT status, activation_id
FROM numlease.quote_use($1, $2, $3, $4, $5, $6, $7);
