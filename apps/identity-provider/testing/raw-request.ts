import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  status: number | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A request to a server with whatever headers and target a client can make up. */
export async function rawRequest(
  { issuer }: { issuer: string },
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<RawAnswer> {
  const { hostname, port } = new URL(issuer);
  const outgoing = request({ hostname, port, path, method, headers }).end();
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: incoming.statusCode, headers: incoming.headers, body: await text(incoming) };
}
