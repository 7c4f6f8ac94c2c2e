-- 0006 cleanup: what the tasks that forget look for.
SELECT numlease.act_as_owner();

-- SMS that still have words; it loses a row when they are taken away.
CREATE INDEX messages_text ON numlease.messages (stored_at)
	WHERE body <> '' OR sender <> '' OR code IS NOT NULL;
CREATE INDEX deliveries_over ON numlease.deliveries (done_at)
	WHERE done_at IS NOT NULL;
