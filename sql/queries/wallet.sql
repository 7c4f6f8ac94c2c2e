-- Wallets and the ledger.

-- name: wallet_by_user
-- A user's balance.
-- read
SELECT user_id, available, held, open_holds
FROM numlease.wallets
WHERE user_id = $1;

-- name: wallet_credit
-- Puts money into a wallet or corrects it; the key makes it happen once.
SELECT status, transfer_id, available, held
FROM numlease.wallet_credit($1, $2, $3, $4, $5, $6);

-- name: wallet_transfers
-- A user's transfers below id $2, newest first.
-- read
SELECT t.id, t.kind, t.amount, t.activation_id, t.actor, t.reason,
    t.created_at,
    CASE WHEN t.credit = w.available_account THEN t.amount
        WHEN t.debit = w.available_account THEN -t.amount
        ELSE 0 END AS change
FROM numlease.transfers t
JOIN numlease.wallets w ON w.user_id = t.user_id
WHERE t.user_id = $1 AND t.id < $2
ORDER BY t.id DESC
LIMIT $3;

-- name: ledger_rollup
-- Sums the transfers of ended transactions into the totals of accounts.
SELECT numlease.ledger_rollup() AS n;

-- name: ledger_accounts
-- Totals of the system's accounts up to the last roll-up.
-- read
SELECT a.kind, coalesce(p.name, '') AS provider, t.debits, t.credits,
    t.credits - t.debits AS balance
FROM numlease.account_totals t
JOIN numlease.accounts a ON a.id = t.account_id
LEFT JOIN numlease.providers p ON p.id = a.provider_id
WHERE a.user_id IS NULL
ORDER BY a.kind, p.name;
