-- All that release 2.0.0 asks of the database.
INSERT INTO orders (number, total_cents) VALUES ($1, $2);
UPDATE orders SET total_cents = $2 WHERE number = $1;
SELECT total_cents FROM orders WHERE number = $1;
