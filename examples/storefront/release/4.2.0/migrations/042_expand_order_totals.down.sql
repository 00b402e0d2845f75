-- Exact: amount was kept in step with total_cents all the time, so no order loses anything.
drop trigger orders_fill_price on orders;
drop function orders_fill_price();
alter table orders drop column total_cents;
