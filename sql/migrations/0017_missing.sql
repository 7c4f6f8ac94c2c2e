-- 0017 missing: how often in a row a provider did not know a number.
SELECT numlease.act_as_owner();

-- missing_at: the last time that counted. A true answer sets both back.
ALTER TABLE numlease.polls
	ADD COLUMN missing integer NOT NULL DEFAULT 0 CHECK (missing >= 0),
	ADD COLUMN missing_at timestamptz;
