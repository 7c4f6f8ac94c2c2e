-- 0013 report: a user says that a number is bad (used before, not accepted).
SELECT numlease.act_as_owner();

INSERT INTO numlease.states VALUES
('ACTIVE', 'report', 'CANCELLING', 'none', NULL,
 'reported as bad by the user, the provider is told and must agree');
