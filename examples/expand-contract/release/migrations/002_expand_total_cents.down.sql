-- Exact: amount was kept in step with total_cents all the time.
drop trigger orders_keep_both on orders;
drop function orders_keep_both();
alter table orders alter column amount set not null;
alter table orders drop column total_cents;
