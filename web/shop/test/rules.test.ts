import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueFindings, literalFindings } from '@slipway/ui/testing';
import { NoAnswerError, ProblemError } from '@slipway/ui';
import { describe, expect, test } from 'vitest';
import { amountOrNothing, corrected, readFilters, toggled, toQuery } from '../src/catalogue/filters.ts';
import { CheckoutAttempt } from '../src/checkout/attempt.ts';
import { stagesOf } from '../src/order/stages.ts';
import { steps } from '../src/product/PriceHistory.tsx';
import { byHostName } from '../src/session/SessionContext.tsx';
import { catalogues } from '../src/texts/catalogues.ts';
import { isCardNumber, readExpiry } from '../src/wire/card.ts';
import { includedTax, shippingFor } from '../src/wire/client.ts';
import { follow, parseEvent, readEvents } from '@slipway/ui/events';
import { toCart, toOrder } from '../src/wire/shapes.ts';

const source = join(import.meta.dirname, '../src');

describe('texts', () => {
  test('exist in both languages with the same values', () => {
    expect(catalogueFindings(catalogues)).toEqual([]);
  });

  test('are in the catalogue and nowhere else', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));
    expect(files.flatMap((name) => literalFindings(name, readFileSync(join(source, name), 'utf8')))).toEqual([]);
  });
});

describe('money', () => {
  test('shipping is free from fifty euros, and costs nothing for nothing', () => {
    expect([0, 49.99, 50, 120].map(shippingFor)).toEqual([0, 4.9, 0, 0]);
  });

  test('tax is inside the price', () => {
    expect(includedTax(119)).toBe(19);
    expect(includedTax(41.9)).toBe(6.69);
  });

  test('sums of a cart are made of cents', () => {
    const items = [0.1, 0.2].map((subtotal) => ({ product_id: 'A', product_name: 'A', price: subtotal, quantity: 1, subtotal }));
    expect(toCart({ items }).total).toBe(0.3);
  });
});

describe('cards', () => {
  test('a swapped or missing digit is noticed', () => {
    expect(['4242 4242 4242 4242', '4000-0000-0000-0002', '4242424242424224', '42', 'x'].map(isCardNumber)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('the month they end in still counts', () => {
    const now = new Date(2026, 10, 21);
    expect(readExpiry('11/26', now)).toEqual({ month: '11', year: '2026' });
    expect(readExpiry('10/26', now)).toBeNull();
    expect(readExpiry('1 / 2030', now)).toEqual({ month: '1', year: '2030' });
    expect(readExpiry('13/30', now)).toBeNull();
  });
});

describe('the key of an order', () => {
  const attempt = () => {
    let made = 0;
    return new CheckoutAttempt(() => `key-${++made}`);
  };
  const refused = (status: number, code = 'x') => new ProblemError({ type: '', title: '', status, code });

  test('stays while nobody has answered', async () => {
    const order = attempt();
    const keys: string[] = [];
    for (const failure of [new NoAnswerError('network'), refused(503), refused(429), refused(409, 'idempotencyInProgress')]) {
      await order
        .send('same', async (key) => {
          keys.push(key);
          throw failure;
        })
        .catch(() => undefined);
    }
    expect(keys).toEqual(['key-1', 'key-1', 'key-1', 'key-1']);
    expect(order.isOpen).toBe(true);
  });

  test('is another one for another order, after a refusal and after a success', async () => {
    const order = attempt();
    const keys: string[] = [];
    const send = (what: string, failure?: unknown) =>
      order
        .send(what, async (key) => {
          keys.push(key);
          if (failure) throw failure;
        })
        .catch(() => undefined);
    await send('one', new NoAnswerError('timeout'));
    await send('two', refused(422));
    await send('two');
    await send('two');
    expect(keys).toEqual(['key-1', 'key-2', 'key-3', 'key-4']);
    expect(order.isOpen).toBe(false);
  });
});

describe('the way of an order', () => {
  test('is behind, now and ahead', () => {
    expect(stagesOf('reserved').map(({ state }) => state)).toEqual(['done', 'done', 'now', 'next', 'next', 'next']);
    expect(stagesOf('delivered').every(({ state }) => state === 'done')).toBe(true);
    expect(stagesOf('something new')[0]?.state).toBe('done');
  });

  test('ends at what did not happen', () => {
    expect(stagesOf('cancelled', ['pending', 'reserved'])).toEqual([
      { name: 'placed', state: 'done' },
      { name: 'reserved', state: 'done' },
      { name: 'paid', state: 'failed' },
    ]);
    expect(stagesOf('failed').at(-1)).toEqual({ name: 'reserved', state: 'failed' });
  });

  test('of an answer full of nonsense is still an order', () => {
    expect(toOrder(null).items).toEqual([]);
    expect(toOrder({ items: 'x', total: 'y', returns: [7] }).total).toBe(0);
  });
});

describe('the address of a search', () => {
  test('is read with what it means and sent without what it does not', () => {
    const filters = readFilters(new URLSearchParams('q= mug &minPrice=1,50&maxPrice=x&inStock=true&sort=-createdAt&page=2'));
    expect(toQuery(filters)).toMatchObject({ q: 'mug', minPrice: '1.50', maxPrice: undefined, inStock: true, sort: '-createdAt', page: 2 });
    expect(readFilters(new URLSearchParams('page=-3&sort=drop')).page).toBe(1);
    expect(readFilters(new URLSearchParams('sort=drop')).sort).toBe('');
    expect(amountOrNothing('12345678')).toBe('');
  });

  test('several values of a facet are any of them, and each can be taken back', () => {
    expect(toggled('', 'a')).toBe('a');
    expect(toggled('a,b', 'a')).toBe('b');
    expect(toggled('b', 'b')).toBeNull();
  });

  test('words nobody knows are shown as they were understood', () => {
    expect(corrected('Harbuor  mug', [{ from: 'harbuor', to: 'harbour' }])).toBe('harbour mug');
    expect(corrected('mug', [])).toBeNull();
  });
});

describe('streams', () => {
  const streamed = (...chunks: string[]) =>
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    });

  test('are read across chunks and past comments', async () => {
    const read = [];
    for await (const event of readEvents(
      streamed(': alive\n\nid: 1\neve', 'nt: a\ndata: {"x":\ndata: 1}\n', '\nevent: b\r\ndata: 2\r\n\r\n'),
    ))
      read.push(event);
    expect(read).toEqual([
      { id: '1', type: 'a', data: { x: 1 } },
      { id: '', type: 'b', data: 2 },
    ]);
    expect(parseEvent('data: not json')).toBeNull();
  });

  test('go on where they broke off', async () => {
    const asked: (string | undefined)[] = [];
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const stop = follow({
        url: '/events',
        headers: { 'X-Guest-Token': 'key' },
        random: () => -2,
        onEvent: (event) => {
          seen.push(event.id);
          if (seen.length === 2) {
            stop();
            resolve();
          }
        },
        fetch: async (_, init) => {
          const headers = init?.headers as Record<string, string>;
          asked.push(headers['Last-Event-ID']);
          expect(headers['X-Guest-Token']).toBe('key');
          return new Response(streamed(`id: ${asked.length}\ndata: {}\n\n`), { headers: { 'content-type': 'text/event-stream' } });
        },
      });
    });
    expect(asked).toEqual([undefined, '1']);
    expect(seen).toEqual(['1', '2']);
  });
});

test('neighbours are found by their usual names', () => {
  expect(byHostName({ protocol: 'http:', host: 'shop.localhost:8080' })).toEqual({
    paymentProvider: 'http://payment-sandbox.localhost:8080',
    accounts: 'http://identity.localhost:8080',
  });
});

test('a price holds until the next one', () => {
  expect(steps([{ price: 20 }, { price: 10 }])).toBe('M0 4H120L120 52H240');
});
