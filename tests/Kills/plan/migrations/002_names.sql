do $$ begin raise log 'begin migrate in %', current_database(); end $$;
alter table items add column name text;
insert into effects (step, delta) values ('migrate', 1);
select pg_sleep(0.12);
