// A TCP relay between the API server and the webhook: it sees how connections are used, not what they say.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type Side = 'api-server' | 'webhook';

export interface Connection {
  /** Who closed it first; undefined while it is open. */
  readonly closedBy: Side | undefined;
  /** Encrypted bytes from the API server. */
  readonly received: number;
}

export interface Relay {
  readonly url: string;
  readonly connections: readonly Connection[];
  close(): void;
}

/** Shorter than any pause that matters, longer than an exchange. */
const SILENCE_MS = 1000;

/** Listens on a port of its own and passes everything on to the server at `target`. */
export async function relayTo(target: string): Promise<Relay> {
  const { hostname: host, port } = new URL(target);
  const connections: Connection[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (inner) => {
    const outer = connect({ host, port: Number(port), allowHalfOpen: true });
    connections.push(join(inner, outer));
    for (const socket of [inner, outer]) sockets.add(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/**
 * Who closes a TLS connection says so first, and the other may then be faster to close the TCP
 * connection below: so it is the side that broke the last silence.
 */
function join(inner: Socket, outer: Socket): Connection {
  const connection = { closedBy: undefined as Side | undefined, received: 0 };
  let last = performance.now();
  let breaker: Side = 'api-server';
  const link = (side: Side, from: Socket, to: Socket): void => {
    const active = (): void => {
      const now = performance.now();
      if (now - last > SILENCE_MS) breaker = side;
      last = now;
    };
    const ended = (): void => {
      active();
      connection.closedBy ??= breaker;
    };
    from.pipe(to);
    from.on('data', (chunk: Buffer) => {
      active();
      if (side === 'api-server') connection.received += chunk.length;
    });
    from.on('end', ended);
    from.on('error', () => {
      ended();
      to.destroy();
    });
  };
  link('api-server', inner, outer);
  link('webhook', outer, inner);
  return connection;
}
