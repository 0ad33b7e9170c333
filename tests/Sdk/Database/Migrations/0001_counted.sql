create table counted (id int);
