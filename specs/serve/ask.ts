/** Asks a server as clients do: over HTTP, with JSON. */
import { request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: {
    readonly version?: number;
    readonly step?: number;
    readonly answers?: readonly unknown[];
    readonly error?: { readonly code: string; readonly message: string; readonly row?: number };
    readonly [field: string]: unknown;
  };
  readonly text: string;
}

/** `value` is posted as JSON, a text as it stands; without it the path is got. */
export function ask(
  port: number,
  path: string,
  value?: unknown,
  { method, headers = {} }: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Reply> {
  const body = value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        port,
        host: '127.0.0.1',
        path,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers,
        agent: false,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        response.on('end', () => {
          const isJson = response.headers['content-type'] === 'application/json' && text !== '';
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, text, body: isJson ? (JSON.parse(text) as Reply['body']) : {} });
        });
        response.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** The value of a metric, with its labels as they are written. */
export function metric(text: string, name: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}
