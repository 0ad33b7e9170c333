-- What the listener of a topic was told.
create table tallied (n int not null);
