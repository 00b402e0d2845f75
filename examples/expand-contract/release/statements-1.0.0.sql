-- All that release 1.0.0 asks of the database.
INSERT INTO orders (number, amount) VALUES ($1, $2);
UPDATE orders SET amount = $2 WHERE number = $1;
SELECT amount FROM orders WHERE number = $1;
