-- Statements about the database itself.

-- name: db_ping
-- Proves that the server answers.
-- read
SELECT 1 AS one;
