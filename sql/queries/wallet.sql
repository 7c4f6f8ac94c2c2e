-- Wallets and the ledger.

-- name: wallet_by_user
-- A user's balance; available is all that can be spent, bonus the part of it
-- that was given.
-- read
SELECT user_id, available + bonus AS available, bonus, held, open_holds
FROM numlease.wallets
WHERE user_id = $1;

-- name: wallet_credit
-- Puts money into a wallet or corrects it; the key makes it happen once.
SELECT status, transfer_id, available, held
FROM numlease.wallet_credit($1, $2, $3, $4, $5, $6);

-- name: wallet_transfers
-- A user's transfers below id $2 (of kind $3, since $4, before $5), newest
-- first: what each changed of what is available and of what is held, and what
-- was available after it, which is what is now less all that came later.
-- read
WITH w AS (
    SELECT user_id, available + bonus AS total, available_account,
        bonus_account, held_account
    FROM numlease.wallets
    WHERE user_id = $1
), page AS MATERIALIZED (
    SELECT t.id
    FROM w JOIN numlease.transfers t ON t.user_id = w.user_id
    WHERE t.id < $2
      AND ($3 = '' OR t.kind = $3)
      AND ($4::timestamptz IS NULL OR t.created_at >= $4::timestamptz)
      AND ($5::timestamptz IS NULL OR t.created_at < $5::timestamptz)
    ORDER BY t.id DESC
    LIMIT $6
), run AS (
    SELECT t.*, x.change, x.held, x.is_bonus,
        w.total + x.change - sum(x.change) OVER (ORDER BY t.id DESC) AS balance
    FROM w JOIN numlease.transfers t ON t.user_id = w.user_id
    CROSS JOIN LATERAL (SELECT
        CASE WHEN t.credit IN (w.available_account, w.bonus_account)
            THEN t.amount
            WHEN t.debit IN (w.available_account, w.bonus_account)
            THEN -t.amount
            ELSE 0 END AS change,
        CASE WHEN t.credit = w.held_account THEN t.amount
            WHEN t.debit = w.held_account THEN -t.amount
            ELSE 0 END AS held,
        w.bonus_account IN (t.credit, t.debit) AS is_bonus) x
    WHERE t.id >= (SELECT min(id) FROM page)
)
SELECT r.id, r.kind, r.activation_id, r.actor, r.reason, r.created_at,
    r.change, r.held, r.is_bonus, r.balance::bigint AS balance
FROM page p JOIN run r ON r.id = p.id
ORDER BY r.id DESC;

-- name: statement_range
-- Where the statement of a user since $2, before $3 begins and ends in his
-- transfers, by id: what follows the first and goes up to the last, so that
-- the statements of two months meet without a gap. balance: what was
-- available at the first.
-- read
WITH w AS (
    SELECT user_id, available_account, bonus_account
    FROM numlease.wallets
    WHERE user_id = $1
), t AS MATERIALIZED (
    SELECT t.id, t.created_at,
        CASE WHEN t.credit IN (w.available_account, w.bonus_account)
            THEN t.amount
            WHEN t.debit IN (w.available_account, w.bonus_account)
            THEN -t.amount
            ELSE 0 END AS change
    FROM w JOIN numlease.transfers t ON t.user_id = w.user_id
), ends AS (
    SELECT coalesce(min(id) FILTER (WHERE created_at >= $2::timestamptz
            OR $2::timestamptz IS NULL), max(id) + 1, 0) AS first,
        coalesce(min(id) FILTER (WHERE created_at >= $3::timestamptz),
            max(id) + 1, 0) AS beyond
    FROM t
)
SELECT e.first - 1 AS after, e.beyond - 1 AS last,
    (SELECT coalesce(sum(change), 0)::bigint FROM t WHERE id < e.first)
        AS balance
FROM ends e, w;

-- name: statement_page
-- A user's transfers after id $2 up to $3, oldest first.
-- read
SELECT t.id, t.kind, t.activation_id, t.actor, t.reason, t.created_at,
    CASE WHEN t.credit IN (w.available_account, w.bonus_account) THEN t.amount
        WHEN t.debit IN (w.available_account, w.bonus_account) THEN -t.amount
        ELSE 0 END AS change,
    CASE WHEN t.credit = w.held_account THEN t.amount
        WHEN t.debit = w.held_account THEN -t.amount
        ELSE 0 END AS held,
    w.bonus_account IN (t.credit, t.debit) AS is_bonus, 0::bigint AS balance
FROM numlease.wallets w
JOIN numlease.transfers t ON t.user_id = w.user_id
WHERE w.user_id = $1 AND t.id > $2 AND t.id <= $3
ORDER BY t.id
LIMIT $4;

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
