alter table items drop column name;
insert into effects (step, delta) values ('migrate', -1);
select pg_sleep(0.1);
