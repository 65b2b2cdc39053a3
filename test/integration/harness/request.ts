// Raw requests: what the API server answers, without a client's reading of it.
import { send, type Endpoint, type Identity } from './transport.ts';
import { parseWarnings } from './warnings.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** A string is sent as it is, everything else as JSON. */
  readonly body?: unknown;
  /** Default: application/json, and application/merge-patch+json for PATCH. */
  readonly contentType?: string;
  readonly as?: Identity;
  readonly query?: Readonly<Record<string, string>>;
}

export interface ApiResponse {
  readonly status: number;
  /** The parsed JSON, or the text where the answer is not JSON. */
  readonly body: unknown;
  readonly warnings: readonly string[];
}

export async function request(plane: Endpoint, options: ApiRequest): Promise<ApiResponse> {
  const { method, path, body, as, query = {} } = options;
  const json = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const url = new URL(path, plane.url);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);

  const payload = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const headers = {
    accept: 'application/json',
    ...(payload === undefined ? {} : { 'content-type': options.contentType ?? json }),
  };
  const answer = await send(plane, { method, url, headers, payload, as });
  return {
    status: answer.status,
    body: read(answer.body.toString('utf8'), answer.headers['content-type']),
    warnings: parseWarnings(answer.headers.warning),
  };
}

function read(answer: string, contentType: string | undefined): unknown {
  return contentType?.startsWith('application/json') === true ? JSON.parse(answer) : answer;
}
