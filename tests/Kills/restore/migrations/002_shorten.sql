update items set name = left(name, 1);
alter table items drop column price;
