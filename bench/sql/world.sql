-- Two providers and 20 000 users with money.
SELECT numlease.provider_put('alpha', '5sim', '{}', NULL, 'USD', 1000000, 100, true);
INSERT INTO numlease.users (email, password_hash)
SELECT 'user' || i || '@example.org', 'x' FROM generate_series(1, 20000) i;
SELECT count(*) FROM numlease.users u CROSS JOIN LATERAL
	numlease.wallet_credit(u.id, 'deposit', 1000000000000, 'bench', '', 'u' || u.id);
\ir life.sql
