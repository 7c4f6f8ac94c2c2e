-- 0002 people: users, their sessions and their API keys.
SELECT numlease.act_as_owner();

-- E-mail is kept in lower case, so that its uniqueness is that of people.
CREATE TABLE numlease.users (
	id            bigint GENERATED ALWAYS AS IDENTITY (START WITH 1001)
	              PRIMARY KEY,
	public_id     uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
	email         text NOT NULL UNIQUE
	              CHECK (email = lower(email) AND email LIKE '_%@_%'
	                  AND length(email) <= 254),
	password_hash text NOT NULL CHECK (password_hash <> ''),
	role          text NOT NULL DEFAULT 'user'
	              CHECK (role IN ('user', 'admin')),
	status        text NOT NULL DEFAULT 'active'
	              CHECK (status IN ('active', 'blocked')),
	max_active    integer CHECK (max_active >= 0), -- NULL: the setting
	-- Grows when the password or the role changes; older access tokens
	-- then open nothing that is privileged.
	version       integer NOT NULL DEFAULT 1 CHECK (version > 0),
	created_at    timestamptz NOT NULL DEFAULT now(),
	updated_at    timestamptz NOT NULL DEFAULT now()
);

-- One row is one family of refresh tokens: each use replaces token_hash.
-- previous_hash is the one before; it is honoured for a short grace (the
-- answer may have been lost), after that its use means theft.
CREATE TABLE numlease.sessions (
	id                  uuid PRIMARY KEY,
	user_id             bigint NOT NULL REFERENCES numlease.users ON DELETE CASCADE,
	token_hash          bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
	previous_hash       bytea UNIQUE CHECK (octet_length(previous_hash) = 32),
	rotated_at          timestamptz NOT NULL DEFAULT now(),
	expires_at          timestamptz NOT NULL,
	absolute_expires_at timestamptz NOT NULL,
	ip                  text NOT NULL DEFAULT '',
	user_agent          text NOT NULL DEFAULT '',
	created_at          timestamptz NOT NULL DEFAULT now(),
	revoked_at          timestamptz,
	CHECK (expires_at <= absolute_expires_at)
);
-- "my sessions", and revoking all of a user.
CREATE INDEX sessions_user ON numlease.sessions (user_id);
-- Cleanup walks from the oldest.
CREATE INDEX sessions_end ON numlease.sessions (absolute_expires_at);

-- kind: live = nl_live_… for /api/v1; compat = 32 characters that open only
-- the handler_api and 5sim doors. Only the hash is kept.
CREATE TABLE numlease.api_keys (
	id           uuid PRIMARY KEY,
	user_id      bigint NOT NULL REFERENCES numlease.users ON DELETE CASCADE,
	kind         text NOT NULL CHECK (kind IN ('live', 'compat')),
	name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
	prefix       text NOT NULL, -- the first characters, to recognise it by
	hash         bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
	created_at   timestamptz NOT NULL DEFAULT now(),
	last_used_at timestamptz,
	revoked_at   timestamptz
);
CREATE INDEX api_keys_user ON numlease.api_keys (user_id, created_at);

-- A constant, sealed with the master key: who cannot open it has another
-- key, and must not start.
CREATE TABLE numlease.canary (
	id     integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
	sealed bytea NOT NULL
);

SELECT numlease.grant_to('SELECT, INSERT ON numlease.canary',
    'numlease_api', 'numlease_worker');
SELECT numlease.grant_to(
    'SELECT, INSERT, UPDATE, DELETE ON numlease.sessions, numlease.api_keys',
    'numlease_api');
SELECT numlease.grant_to('SELECT, INSERT, UPDATE ON numlease.users',
    'numlease_api');
SELECT numlease.grant_to('SELECT ON numlease.users, numlease.api_keys',
    'numlease_worker');
SELECT numlease.grant_to('SELECT, DELETE ON numlease.sessions',
    'numlease_worker');
SELECT numlease.grant_to('SELECT (id, public_id, email, role, status, '
    'max_active, created_at) ON numlease.users', 'numlease_ro');
