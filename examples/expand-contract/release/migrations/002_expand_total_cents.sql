-- Both releases work on this schema: the trigger keeps the two columns in step, whichever of them a statement gives or changes. Adding a
-- column without a default rewrites no row; the rows that are there are filled by the backfill.
alter table orders add column total_cents bigint;
alter table orders alter column amount drop not null;

create function orders_keep_both() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        new.total_cents := coalesce(new.total_cents, round(new.amount * 100));
        new.amount := coalesce(new.amount, new.total_cents / 100.0);
    elsif new.amount is distinct from old.amount then
        new.total_cents := round(new.amount * 100);
    -- Emptied by the way back of the backfill: the amount stays.
    elsif new.total_cents is distinct from old.total_cents and new.total_cents is not null then
        new.amount := new.total_cents / 100.0;
    end if;
    return new;
end
$$;

create trigger orders_keep_both before insert or update on orders
    for each row execute function orders_keep_both();
