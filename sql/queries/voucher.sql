-- Vouchers. deposit is called cash outside.

-- name: voucher_make
-- One voucher for each hash.
SELECT numlease.voucher_make($1::text[], $2::text[], $3, $4, $5::timestamptz,
    $6, $7, $8) AS status;

-- name: voucher_redeem
-- Puts the worth of a voucher into a wallet, once.
SELECT status, coalesce(transfer_id, 0) AS transaction_id,
    CASE kind WHEN 'deposit' THEN 'cash' ELSE kind END AS kind,
    coalesce(amount, 0) AS amount, redeemed_at
FROM numlease.voucher_redeem($1, $2, $3);

-- name: voucher_revoke
-- Makes a voucher worthless.
SELECT numlease.voucher_revoke($1, $2) AS status;

-- name: voucher_list
-- Vouchers below id $1 (of batch $2, in state $3), the newest first.
-- read
SELECT v.id, v.hint, v.batch,
    CASE v.kind WHEN 'deposit' THEN 'cash' ELSE v.kind END AS kind, v.amount,
    x.state, v.expires_at, v.created_at, v.created_by, v.reason,
    r.redeemed_at, u.public_id AS redeemed_by, v.voided_at AS revoked_at,
    v.voided_by AS revoked_by
FROM numlease.vouchers v
LEFT JOIN numlease.voucher_redemptions r ON r.voucher_id = v.id
LEFT JOIN numlease.users u ON u.id = r.user_id
CROSS JOIN LATERAL (SELECT CASE
    WHEN r.voucher_id IS NOT NULL THEN 'redeemed'
    WHEN v.voided_at IS NOT NULL THEN 'revoked'
    WHEN v.expires_at <= now() THEN 'expired'
    ELSE 'open' END AS state) x
WHERE v.id < $1 AND ($2 = '' OR v.batch = $2) AND ($3 = '' OR x.state = $3)
ORDER BY v.id DESC
LIMIT $4;
