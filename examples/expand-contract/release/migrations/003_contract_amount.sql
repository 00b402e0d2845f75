-- Drops what release 1.0.0 reads. Run it only after the last service of that release has left.
drop trigger orders_keep_both on orders;
drop function orders_keep_both();
alter table orders alter column total_cents set not null;
alter table orders drop column amount;
