CREATE TABLE orders (number text PRIMARY KEY, cents integer);
