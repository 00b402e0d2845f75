create table items (id int primary key);
