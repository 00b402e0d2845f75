-- Schema 41, which release 4.1.0 was installed with.
create table orders (
    number    text primary key,
    customer  text not null,
    item      text not null,
    amount    numeric(12, 2) not null,
    placed_at timestamptz not null default now()
);
create index orders_by_customer on orders (customer);
