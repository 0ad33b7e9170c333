import { connect } from 'node:net';

/**
 * One keep-alive connection that sends prepared requests one after the other. Written on the socket because the loader shares
 * the machine with what it loads: the less it does per request, the more the figures are the server's.
 */
export class Wire {
  #socket;
  #address;
  #answered = null;
  #failed = null;
  #received = Buffer.alloc(0);

  constructor(address) {
    this.#address = address;
  }

  /** Sends one request and answers { status, body }. */
  async send(request) {
    if (!this.#socket) await this.#open();
    return new Promise((answered, failed) => {
      this.#answered = answered;
      this.#failed = failed;
      this.#socket.write(request);
    });
  }

  close() {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #open() {
    return new Promise((opened, failed) => {
      const socket = connect({ host: this.#address.connectTo, port: this.#address.port, noDelay: true });
      socket.once('connect', () => {
        this.#socket = socket;
        opened();
      });
      socket.once('error', failed);
      socket.on('error', (error) => this.#end(error));
      socket.on('close', () => this.#end(new Error('The connection was closed.')));
      socket.on('data', (bytes) => this.#receive(bytes));
    });
  }

  #end(error) {
    this.#socket = null;
    this.#received = Buffer.alloc(0);
    const failed = this.#failed;
    this.#answered = this.#failed = null;
    failed?.(error);
  }

  #receive(bytes) {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const answer = parse(this.#received);
    if (!answer) return;
    this.#received = Buffer.alloc(0);
    const answered = this.#answered;
    this.#answered = this.#failed = null;
    if (answer.closes) this.close();
    answered?.(answer);
  }
}

/** Null until the whole answer is there. */
export const parse = (bytes) => {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const closes = /\r\nconnection: *close/i.test(head);
  const start = end + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length) {
    const size = Number(length[1]);
    return bytes.length >= start + size ? { status, closes, body: bytes.subarray(start, start + size) } : null;
  }

  if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
    const body = chunks(bytes, start);
    return body ? { status, closes, body } : null;
  }

  return { status, closes, body: Buffer.alloc(0) };
};

const chunks = (bytes, start) => {
  const parts = [];
  for (let at = start; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    if (bytes.length < line + 2 + size + 2) return null;
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
};

/** Names below .localhost are in no name server: connect to this machine and say the name. */
export const addressOf = (url) => {
  const { protocol, hostname, host, port, pathname } = new URL(url);
  if (protocol !== 'http:') throw new Error(`${url}: the bench speaks plain http only.`);
  const local = hostname === 'localhost' || hostname.endsWith('.localhost');
  return { connectTo: local ? '127.0.0.1' : hostname, port: Number(port || 80), host, path: pathname.replace(/\/$/, '') };
};

export const prepare = (address, method, path, { token, body, headers = {} } = {}) => {
  const payload = body === undefined ? null : Buffer.from(JSON.stringify(body));
  const lines = [`${method} ${address.path}${path} HTTP/1.1`, `Host: ${address.host}`];
  if (token) lines.push(`Authorization: Bearer ${token}`);
  if (payload) lines.push('Content-Type: application/json', `Content-Length: ${payload.length}`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return payload ? Buffer.concat([head, payload]) : head;
};
