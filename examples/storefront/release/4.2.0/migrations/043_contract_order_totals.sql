-- Drops what release 4.1.0 reads. Run it only after the last server of that release has left.
drop trigger orders_fill_price on orders;
drop function orders_fill_price();
alter table orders alter column total_cents set not null;
alter table orders drop column amount;
