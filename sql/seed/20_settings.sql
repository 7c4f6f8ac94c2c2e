-- First values of the settings that an operator changes; what is there stays.
SELECT numlease.act_as_owner();

INSERT INTO numlease.settings (key, value) VALUES
	('currency',              'USD'),
	('price.floor_bp',        '500'),  -- least profit, 1/100 % of the cost,
	('price.floor_amount',    '0'),    -- or micros; whichever is more
	('maintenance',           'off'),  -- anything else: nothing new is reserved
	('activation.reserve_s',  '300'),  -- to find a provider
	('activation.window_s',   '1200'), -- when the provider says no end
	('activation.missing_age_s', '60'), -- before a number may be unknown
	('activation.missing_gap_s', '10'), -- between two answers that count
	('activation.confirm_s',  '600'),  -- for a provider to confirm a cancel
	('attempt.give_up_s',     '1800'), -- the longest lifetime of a number
	('orphan.age_s',          '300'),  -- before a number of nobody is cancelled
	('orphan.alert_s',        '3600')  -- before an operator is told of one
ON CONFLICT (key) DO NOTHING;

-- One default mark-up: 30 %, at least 0.01, rounded up to 0.01.
INSERT INTO numlease.price_rules (percent_bp, fixed, minimum, round_to)
SELECT 3000, 10000, 20000, 10000
 WHERE NOT EXISTS (SELECT FROM numlease.price_rules);
