-- 0015 exchanges: what was asked and answered in a purchase, for whoever has
-- to explain it later. Keys are taken out before it is written down.
SELECT numlease.act_as_owner();

CREATE TABLE numlease.exchanges (
	attempt_id  uuid PRIMARY KEY,
	request     text NOT NULL,
	http_status integer, -- NULL when there was no answer
	answer      text NOT NULL, -- its beginning, or why there is none
	rule        text NOT NULL, -- of the descriptor, that read it
	took_us     bigint NOT NULL,
	created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX exchanges_age ON numlease.exchanges
	USING brin (created_at) WITH (autosummarize = on);

SELECT numlease.grant_to('SELECT ON numlease.exchanges',
    'numlease_api', 'numlease_worker', 'numlease_ro');
SELECT numlease.grant_to('INSERT ON numlease.exchanges', 'numlease_worker');
