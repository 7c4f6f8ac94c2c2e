-- 0005 activations: the state table and what obeys it, attempts, messages.
SELECT numlease.act_as_owner();

-- Every legal step. money: hold, capture, release move the hold; cost and
-- loss are the provider's side and are booked by the function that knows the
-- amount. notice: what the user's endpoints are told. An event that is not
-- here for a state is refused, and nothing else writes the state column.
CREATE TABLE numlease.states (
	from_state text NOT NULL, -- '' is: there is no activation yet
	event      text NOT NULL,
	to_state   text NOT NULL,
	money      text NOT NULL
	           CHECK (money IN ('none', 'hold', 'capture', 'release', 'cost', 'loss')),
	notice     text,
	meaning    text NOT NULL,
	PRIMARY KEY (from_state, event)
);
INSERT INTO numlease.states VALUES
('',           'reserve',    'RESERVED',   'hold',    NULL,               'asked for, money set aside'),
('RESERVED',   'activate',   'ACTIVE',     'cost',    'number.active',    'a provider sold a number'),
('RESERVED',   'fail',       'FAILED',     'release', 'number.failed',    'no provider could'),
('RESERVED',   'cancel',     'CANCELLED',  'release', 'number.cancelled', 'given up while nothing was under way'),
('RESERVED',   'abandon',    'CANCELLING', 'none',    NULL,               'given up while a purchase was under way'),
('ACTIVE',     'sms',        'ACTIVE',     'capture', NULL,               'the first SMS'),
('ACTIVE',     'sms_more',   'ACTIVE',     'none',    NULL,               'a further SMS'),
('ACTIVE',     'resend',     'ACTIVE',     'none',    NULL,               'a further SMS was asked for'),
('ACTIVE',     'finish',     'COMPLETED',  'none',    'number.completed', 'finished by the user'),
('ACTIVE',     'window_end', 'COMPLETED',  'none',    'number.completed', 'its time ended after an SMS'),
('ACTIVE',     'cancel',     'CANCELLING', 'none',    NULL,               'cancelled by the user, the provider must agree'),
('ACTIVE',     'expire',     'CANCELLING', 'none',    NULL,               'its time ended without SMS, the provider must agree'),
('ACTIVE',     'ended',      'EXPIRED',    'release', 'number.expired',   'the provider ended it without SMS'),
('CANCELLING', 'activate',   'CANCELLING', 'cost',    NULL,               'a number came after it was given up'),
('CANCELLING', 'sms',        'COMPLETED',  'capture', 'number.completed', 'an SMS came first: it wins'),
('CANCELLING', 'cancelled',  'CANCELLED',  'release', 'number.cancelled', 'the provider agreed, or never had one'),
('CANCELLING', 'expired',    'EXPIRED',    'release', 'number.expired',   'the provider agreed after its time ended'),
('COMPLETED',  'sms_more',   'COMPLETED',  'none',    NULL,               'a further SMS after the end'),
('CANCELLED',  'late_sms',   'CANCELLED',  'loss',    NULL,               'delivered free'),
('EXPIRED',    'late_sms',   'EXPIRED',    'loss',    NULL,               'delivered free');

-- price: held first, then what the rule makes of the real cost, never more.
-- due_at: when the sweep must look (reservation, window or confirmation ran
-- out). seq counts events; event, actor, cause are of the newest one.
CREATE TABLE numlease.activations (
	id           uuid PRIMARY KEY,
	number       integer GENERATED ALWAYS AS IDENTITY (START WITH 100001)
	             UNIQUE,
	user_id      bigint NOT NULL, -- has a wallet: holds_post() proves it
	service      text NOT NULL,
	country      text NOT NULL,
	operator     text NOT NULL,
	door         text NOT NULL,
	state        text NOT NULL,
	event        text NOT NULL,
	seq          integer NOT NULL DEFAULT 1,
	actor        text NOT NULL,
	cause        text NOT NULL DEFAULT '',
	closing      text CHECK (closing IN ('cancelled', 'expired')),
	price        bigint NOT NULL CHECK (price > 0),
	max_price    bigint NOT NULL DEFAULT 0 CHECK (max_price >= 0), -- 0: any
	charged      bigint NOT NULL DEFAULT 0 CHECK (charged >= 0),
	provider_id  bigint,
	attempt_id   uuid,
	upstream_id  text,
	phone        text CHECK (phone ~ '^\+[1-9][0-9]{5,14}$'),
	cost         bigint NOT NULL DEFAULT 0 CHECK (cost >= 0),
	created_at   timestamptz NOT NULL DEFAULT now(),
	activated_at timestamptz,
	expires_at   timestamptz,
	cancel_after timestamptz,
	first_sms_at timestamptz,
	closed_at    timestamptz,
	due_at       timestamptz,
	CONSTRAINT activation_closed_when_over CHECK (
		(state IN ('COMPLETED', 'CANCELLED', 'EXPIRED', 'FAILED'))
		= (closed_at IS NOT NULL)),
	CONSTRAINT activation_watched_until_over CHECK (
		(closed_at IS NULL) = (due_at IS NOT NULL)),
	CONSTRAINT activation_completed_has_sms CHECK (
		state <> 'COMPLETED' OR first_sms_at IS NOT NULL),
	CONSTRAINT activation_active_has_number CHECK (
		state <> 'ACTIVE' OR (phone IS NOT NULL AND attempt_id IS NOT NULL)),
	CONSTRAINT activation_charge_is_price CHECK (charged IN (0, price)),
	CONSTRAINT activation_free_when_released CHECK (
		charged = 0 OR state IN ('ACTIVE', 'COMPLETED'))
) WITH (fillfactor = 80);
-- A user's list, newest first (ids sort by time).
CREATE INDEX activations_user ON numlease.activations (user_id, id);
-- A user's list of those that still run, however long the history is. The
-- predicate is on closed_at, not on state: a statement "WHERE id = $1 AND
-- state = 'RESERVED'" would imply a predicate on state, and a planner that
-- believes there are no live rows would then scan this index instead of
-- going by the primary key.
CREATE INDEX activations_live ON numlease.activations (user_id, id)
	WHERE closed_at IS NULL;
-- The sweep. Same remark.
CREATE INDEX activations_due ON numlease.activations (due_at)
	WHERE due_at IS NOT NULL;

-- The timeline.
CREATE TABLE numlease.activation_events (
	activation_id uuid NOT NULL,
	seq           integer NOT NULL,
	event         text NOT NULL,
	from_state    text NOT NULL,
	to_state      text NOT NULL,
	actor         text NOT NULL,
	cause         text NOT NULL,
	at            timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (activation_id, seq)
);
CREATE TRIGGER activation_events_append_only
	BEFORE UPDATE OR TRUNCATE ON numlease.activation_events
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();

-- Webhook endpoints of users; the secret is sealed by crypto/.
CREATE TABLE numlease.endpoints (
	id         uuid PRIMARY KEY,
	user_id    bigint NOT NULL REFERENCES numlease.users ON DELETE CASCADE,
	url        text NOT NULL CHECK (length(url) BETWEEN 8 AND 2048),
	secret     bytea NOT NULL,
	enabled    boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX endpoints_user ON numlease.endpoints (user_id);

-- One notice to one endpoint, tried until done or dead. next_at is when it
-- may be taken; while it is being sent, that is the end of the lease.
CREATE TABLE numlease.deliveries (
	id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	endpoint_id   uuid NOT NULL REFERENCES numlease.endpoints ON DELETE CASCADE,
	user_id       bigint NOT NULL,
	kind          text NOT NULL,
	activation_id uuid NOT NULL,
	message_id    bigint,
	state         text NOT NULL DEFAULT 'pending'
	              CHECK (state IN ('pending', 'done', 'dead')),
	tries         integer NOT NULL DEFAULT 0,
	token         uuid,
	next_at       timestamptz DEFAULT now(),
	last_status   integer,
	last_error    text,
	created_at    timestamptz NOT NULL DEFAULT now(),
	done_at       timestamptz,
	CHECK ((state = 'pending') = (next_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX deliveries_next ON numlease.deliveries (next_at)
	WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_endpoint ON numlease.deliveries (endpoint_id, created_at);

CREATE TABLE numlease.delivery_tries (
	delivery_id uuid NOT NULL REFERENCES numlease.deliveries ON DELETE CASCADE,
	try         integer NOT NULL,
	at          timestamptz NOT NULL DEFAULT now(),
	status      integer, -- HTTP status; NULL when there was no answer
	error       text,
	ms          integer NOT NULL,
	PRIMARY KEY (delivery_id, try)
);

-- The one place where a new activation becomes money and history.
CREATE FUNCTION numlease.activations_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	IF EXISTS (
	    SELECT FROM added a
	     WHERE a.seq <> 1 OR a.charged <> 0 OR NOT EXISTS (
	         SELECT FROM states s
	          WHERE s.from_state = '' AND s.event = a.event
	            AND s.to_state = a.state)) THEN
		RAISE EXCEPTION 'an activation begins RESERVED by the event reserve'
		    USING ERRCODE = 'restrict_violation',
		    CONSTRAINT = 'activation_state_table';
	END IF;
	INSERT INTO holds (activation_id, user_id, amount)
	SELECT id, user_id, price FROM added;
	INSERT INTO activation_events
	SELECT id, seq, event, '', state, actor, cause, clock_timestamp() FROM added;
	RETURN NULL;
END
$$;
CREATE TRIGGER activations_added AFTER INSERT ON numlease.activations
	REFERENCING NEW TABLE AS added
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.activations_added();

-- The one place that follows the state table: refuses what is not in it,
-- ends the hold as its row says, writes the timeline, queues the notices.
-- Rows whose seq did not move are bookkeeping and may not change their state.
CREATE FUNCTION numlease.activations_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
DECLARE
	bad record;
BEGIN
	SELECT o.state AS from_state, n.event, n.state, n.id INTO bad
	  FROM was o
	  JOIN is_now n ON n.id = o.id
	  LEFT JOIN states s ON s.from_state = o.state AND s.event = n.event
	      AND s.to_state = n.state
	 WHERE CASE n.seq - o.seq
	       WHEN 0 THEN n.state <> o.state OR n.event <> o.event
	           OR n.price <> o.price OR n.charged <> o.charged
	       WHEN 1 THEN s.event IS NULL
	           OR n.charged <> CASE s.money WHEN 'capture' THEN n.price
	               ELSE o.charged END
	           OR n.price > o.price
	           OR (n.price <> o.price AND s.money <> 'cost')
	       ELSE true END
	    OR (n.user_id, n.number, n.created_at)
	        <> (o.user_id, o.number, o.created_at)
	 LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'activation %: % by % to % is not a transition',
		    bad.id, bad.from_state, bad.event, bad.state
		    USING ERRCODE = 'restrict_violation',
		    CONSTRAINT = 'activation_state_table';
	END IF;
	INSERT INTO hold_resolutions (activation_id, user_id, amount, captured,
	    released, actor, reason)
	SELECT n.id, n.user_id, h.amount, n.charged, h.amount - n.charged,
	       n.actor, n.event
	  FROM was o
	  JOIN is_now n ON n.id = o.id AND n.seq > o.seq
	  JOIN states s ON s.from_state = o.state AND s.event = n.event
	  JOIN holds h ON h.activation_id = n.id
	 WHERE s.money IN ('capture', 'release');
	INSERT INTO activation_events
	SELECT n.id, n.seq, n.event, o.state, n.state, n.actor, n.cause,
	       clock_timestamp()
	  FROM was o
	  JOIN is_now n ON n.id = o.id AND n.seq > o.seq;
	INSERT INTO deliveries (endpoint_id, user_id, kind, activation_id)
	SELECT e.id, n.user_id, s.notice, n.id
	  FROM was o
	  JOIN is_now n ON n.id = o.id AND n.seq > o.seq
	  JOIN states s ON s.from_state = o.state AND s.event = n.event
	  JOIN endpoints e ON e.user_id = n.user_id AND e.enabled
	 WHERE s.notice IS NOT NULL;
	RETURN NULL;
END
$$;
CREATE TRIGGER activations_changed AFTER UPDATE ON numlease.activations
	REFERENCING OLD TABLE AS was NEW TABLE AS is_now
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.activations_changed();
CREATE TRIGGER activations_stay
	BEFORE DELETE OR TRUNCATE ON numlease.activations
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();

-- One durable intent to buy, committed before the call.
--   STARTED        the call may be under way until lease_until
--   NUMBER_PENDING sold, the phone comes later
--   LINKED         this number is the activation's
--   UNKNOWN        it may have been sold; only reconcile decides, after settle_at
--   FAILED         definitely not sold, or returned (cause says)
--   ABSENT         reconcile found that nothing was sold, or gave up
-- cost_state is the provider's side of the money: owed (bought), refunded,
-- receivable (should come back), lost (kept by the provider, charged to nobody).
CREATE TABLE numlease.attempts (
	id            uuid PRIMARY KEY,
	activation_id uuid NOT NULL REFERENCES numlease.activations,
	no            integer NOT NULL CHECK (no > 0),
	provider_id   bigint NOT NULL, -- no foreign key: see transfers.debit
	state         text NOT NULL DEFAULT 'STARTED' CHECK (state IN ('STARTED',
	              'LINKED', 'FAILED', 'UNKNOWN', 'NUMBER_PENDING', 'ABSENT')),
	token         uuid NOT NULL,
	lease_until   timestamptz NOT NULL,
	settle_at     timestamptz NOT NULL,
	give_up_at    timestamptz NOT NULL,
	native_service  text NOT NULL, -- exactly what was sent: the bucket in
	native_country  text NOT NULL, -- which numbers are interchangeable
	native_operator text NOT NULL,
	max_cost      bigint NOT NULL CHECK (max_cost >= 0),
	upstream_id   text CHECK (upstream_id <> ''),
	phone         text,
	cost          bigint NOT NULL DEFAULT 0 CHECK (cost >= 0),
	cost_state    text NOT NULL DEFAULT 'none' CHECK (cost_state IN ('none',
	              'owed', 'refunded', 'receivable', 'lost')),
	cause         text NOT NULL DEFAULT '',
	started_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
	closed_at     timestamptz,
	-- When reconcile must look; NULL when there is nothing left to decide.
	unsettled_at  timestamptz,
	UNIQUE (activation_id, no),
	-- One number of a provider belongs to one attempt, ever. The id is first:
	-- with the provider first a plan may use that alone, and read all it sold.
	CONSTRAINT attempt_upstream_once UNIQUE (upstream_id, provider_id),
	CONSTRAINT attempt_closed CHECK (
		(state IN ('FAILED', 'ABSENT')) = (closed_at IS NOT NULL)),
	CONSTRAINT attempt_linked_has_number CHECK (
		state NOT IN ('LINKED', 'NUMBER_PENDING') OR upstream_id IS NOT NULL),
	CONSTRAINT attempt_unsettled CHECK (
		(state IN ('STARTED', 'UNKNOWN', 'NUMBER_PENDING'))
		= (unsettled_at IS NOT NULL)),
	CONSTRAINT attempt_settles_after_call CHECK (settle_at >= lease_until)
) WITH (fillfactor = 80);
-- No second purchase while one is open (predicate: see activations_live).
CREATE UNIQUE INDEX attempt_one_open ON numlease.attempts (activation_id)
	WHERE closed_at IS NULL;
-- What reconcile must decide.
CREATE INDEX attempts_unsettled ON numlease.attempts (unsettled_at)
	WHERE unsettled_at IS NOT NULL;
-- Ageing report of what providers owe.
CREATE INDEX attempts_receivable ON numlease.attempts (provider_id, started_at)
	WHERE cost_state = 'receivable';

-- What the router weighed: enough to draw again and to explain.
CREATE TABLE numlease.decisions (
	activation_id uuid NOT NULL,
	no            integer NOT NULL, -- of the attempt it led to
	seed          bigint NOT NULL,
	candidates    jsonb NOT NULL,
	created_at    timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (activation_id, no)
);

-- Numbers seen at a provider that belong to nobody here. reason 'listed' is
-- cancelled only after it was seen twice; others are ours for sure.
CREATE TABLE numlease.orphans (
	provider_id bigint NOT NULL REFERENCES numlease.providers,
	upstream_id text NOT NULL CHECK (upstream_id <> ''),
	attempt_id  uuid,
	reason      text NOT NULL,
	state       text NOT NULL DEFAULT 'seen' CHECK (state IN ('seen',
	            'cancelled', 'kept')), -- kept: the provider did not give it back
	seen        integer NOT NULL DEFAULT 1,
	cost        bigint NOT NULL DEFAULT 0, -- what the provider says it took
	booked      bigint NOT NULL DEFAULT 0, -- loss in the ledger for it
	first_at    timestamptz NOT NULL DEFAULT now(),
	token       uuid,
	due_at      timestamptz, -- NULL when decided
	last_error  text,
	PRIMARY KEY (provider_id, upstream_id),
	CHECK ((state = 'seen') = (due_at IS NOT NULL))
);
CREATE INDEX orphans_due ON numlease.orphans (due_at) WHERE due_at IS NOT NULL;

-- Numbers to ask the provider about. PostgreSQL is the truth of what is
-- polled; Redis decides when, and is filled again from here.
CREATE TABLE numlease.polls (
	activation_id uuid PRIMARY KEY,
	provider_id   bigint NOT NULL,
	poll_at       timestamptz NOT NULL,
	holder        text
) WITH (fillfactor = 70);
CREATE INDEX polls_at ON numlease.polls (poll_at);

-- The text of an SMS. dedupe: the provider's id, or time, sender and text.
CREATE TABLE numlease.messages (
	id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	activation_id uuid NOT NULL REFERENCES numlease.activations,
	user_id       bigint NOT NULL,
	dedupe        bytea NOT NULL CHECK (octet_length(dedupe) = 32),
	upstream_id   text,
	sender        text NOT NULL DEFAULT '',
	body          text NOT NULL DEFAULT '',
	code          text,
	is_free       boolean NOT NULL DEFAULT false, -- came after the release
	received_at   timestamptz NOT NULL,
	stored_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT message_once UNIQUE (activation_id, dedupe)
);
-- The newest code of an activation. Without it the planner walks the primary
-- key backwards, through everybody's messages, until it meets one.
CREATE INDEX messages_activation ON numlease.messages (activation_id, id);
CREATE FUNCTION numlease.messages_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	INSERT INTO deliveries (endpoint_id, user_id, kind, activation_id, message_id)
	SELECT e.id, m.user_id, 'number.sms', m.activation_id, m.id
	  FROM added m
	  JOIN endpoints e ON e.user_id = m.user_id AND e.enabled;
	RETURN NULL;
END
$$;
CREATE TRIGGER messages_added AFTER INSERT ON numlease.messages
	REFERENCING NEW TABLE AS added
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.messages_added();

-- A call that must be made to a provider after a commit: lease, cancel,
-- finish, resend. At most one of a topic waits per activation. due_at is
-- when it may be taken, and while it is held the end of the lease; token
-- fences the holder. Done rows are deleted, dead ones wait for an operator.
CREATE TABLE numlease.outbox (
	topic      text NOT NULL,
	key        uuid NOT NULL,
	payload    jsonb NOT NULL DEFAULT '{}',
	due_at     timestamptz, -- NULL: dead
	tries      integer NOT NULL DEFAULT 0,
	holder     text,
	token      uuid,
	last_error text,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (key, topic)
) WITH (fillfactor = 50);
CREATE INDEX outbox_due ON numlease.outbox (topic, due_at)
	WHERE due_at IS NOT NULL;

-- A key of a user is bound to the activation it made. status and response
-- are there once the answer is definitive.
CREATE TABLE numlease.idempotency_keys (
	user_id       bigint NOT NULL,
	key           text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
	fingerprint   text NOT NULL CHECK (length(fingerprint) BETWEEN 1 AND 128),
	activation_id uuid,
	status        integer CHECK (status BETWEEN 100 AND 599),
	response      text,
	created_at    timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (user_id, key),
	CHECK ((status IS NULL) = (response IS NULL)),
	CHECK (activation_id IS NOT NULL OR status IS NOT NULL)
);
CREATE INDEX idempotency_keys_age ON numlease.idempotency_keys
	USING brin (created_at) WITH (autosummarize = on);

SELECT numlease.grant_to('SELECT ON numlease.states, numlease.activations, '
    'numlease.activation_events, numlease.attempts, numlease.decisions, '
    'numlease.orphans, numlease.polls, numlease.messages, '
    'numlease.deliveries, numlease.delivery_tries, numlease.outbox, '
    'numlease.idempotency_keys',
    'numlease_api', 'numlease_worker', 'numlease_ro');
SELECT numlease.grant_to('SELECT, INSERT, UPDATE, DELETE ON numlease.endpoints',
    'numlease_api');
SELECT numlease.grant_to('SELECT ON numlease.endpoints', 'numlease_worker');
SELECT numlease.grant_to('SELECT (id, user_id, url, enabled, created_at) '
    'ON numlease.endpoints', 'numlease_ro');
