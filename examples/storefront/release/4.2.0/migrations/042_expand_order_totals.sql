-- Prices move from amount (numeric) to total_cents (integer). Release 4.1.0 goes on writing amount and never sees the
-- new column; the trigger fills whichever of the two a release left out, so both releases read every order.
alter table orders add column total_cents bigint;

create function orders_fill_price() returns trigger language plpgsql as $$
begin
    if new.total_cents is null then
        new.total_cents := round(new.amount * 100);
    elsif new.amount is null then
        new.amount := new.total_cents / 100.0;
    end if;
    return new;
end
$$;

create trigger orders_fill_price before insert or update on orders
    for each row execute function orders_fill_price();

update orders set total_cents = round(amount * 100);
