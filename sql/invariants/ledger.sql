-- Balances, holds, resolutions and the providers' accounts agree.
SELECT * FROM numlease.ledger_verify();
