-- Which topic an event goes to; without one it goes to the service's one sink.
alter table slipway.outbox add column topic text;
