/** The HTTP side of a server: paths, limits, answers as JSON, and an end in good order. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { Metrics } from './metrics.ts';
import type { Outcome } from './micro-batches.ts';
import { MicroBatches } from './micro-batches.ts';
import type { Problem } from './problem.ts';
import { diagnosticProblem, problem } from './problem.ts';
import { readBody, rowsIn } from './request.ts';
import { schemaOf } from './schema.ts';
import type { Served } from './served.ts';
import { notPublished } from './serving.ts';
import type { Log, ServerSettings } from './settings.ts';

const json = 'application/json';
const prometheus = 'text/plain; version=0.0.4; charset=utf-8';

/** All but those that rows are posted to. */
const pages: readonly string[] = ['/health', '/ready', '/metrics', '/schema'];

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** As it is counted. */
  readonly route: string;
  readonly began: number;
}

export class HttpServer {
  private readonly served: Served;
  private readonly settings: ServerSettings;
  private readonly metrics = new Metrics();
  private readonly batches: MicroBatches;
  private readonly server: Server;
  private closing: Promise<void> | undefined;

  constructor(served: Served, settings: ServerSettings, log: Log) {
    this.served = served;
    this.settings = settings;
    this.batches = new MicroBatches(served, settings, this.metrics, log);
    const { requestTime, connections } = settings.limits;
    this.server = createServer(
      {
        noDelay: true,
        requestTimeout: requestTime,
        headersTimeout: requestTime,
        connectionsCheckingInterval: 1000,
      },
      (request, response) => this.take(request, response),
    );
    this.server.maxConnections = connections;
    this.server.keepAliveTimeout = 65_000;
  }

  /** Gives the port. The errors are the system's: a port that is taken, a host that is not this machine's. */
  listen(): Promise<number> {
    const { port, host } = this.settings;
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        const address = this.server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  /** Takes no more connections, answers what was asked, and ends. */
  close(): Promise<void> {
    this.closing ??= new Promise((resolve) => {
      const cut = setTimeout(() => this.server.closeAllConnections(), this.settings.limits.closingTime);
      this.server.close(() => {
        clearTimeout(cut);
        this.served.close();
        resolve();
      });
      this.batches.hurry();
      this.server.closeIdleConnections();
    });
    return this.closing;
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const program = path.startsWith('/run/') ? path.slice('/run/'.length) : undefined;
    const route = program !== undefined ? '/run' : path;
    const exchange: Exchange = { request, response, route, began: performance.now() };
    if (path === '/predict' || program !== undefined) {
      if (request.method === 'POST') this.predict(exchange, program);
      else this.refuseMethod(exchange, 'POST');
      return;
    }
    if (!pages.includes(path)) {
      const known = ['POST /predict', 'POST /run/NAME', ...pages.map((page) => `GET ${page}`)].join(', ');
      this.refuse(
        { ...exchange, route: 'other' },
        problem('notFound', 'there is nothing at this path', known),
      );
    } else if (request.method === 'GET' || request.method === 'HEAD') this.page(exchange);
    else this.refuseMethod(exchange, 'GET');
  }

  private page(exchange: Exchange): void {
    const { current } = this.served;
    if (exchange.route === '/health') this.send(exchange, 200, { status: this.closing ? 'closing' : 'ok' });
    else if (exchange.route === '/metrics')
      this.write(exchange, 200, prometheus, this.metrics.text(this.served, this.batches.waiting));
    else if (exchange.route === '/ready') {
      const isReady = current !== undefined && !this.closing;
      const { version, step } = current ?? {};
      this.send(exchange, isReady ? 200 : 503, { ready: isReady, version, step });
    } else if (current) this.send(exchange, 200, schemaOf(current));
    else this.refuse(exchange, diagnosticProblem(new DiagnosticError([notPublished()])));
  }

  private predict(exchange: Exchange, program: string | undefined): void {
    const { limits } = this.settings;
    readBody(exchange.request, limits, (body) => {
      const rows = typeof body === 'string' ? rowsIn(body, limits) : body;
      if (!isRows(rows)) {
        this.refuse(exchange, rows);
        return;
      }
      const answer = (outcome: Outcome): void => {
        if ('error' in outcome) this.refuse(exchange, outcome);
        else this.send(exchange, 200, outcome);
      };
      const isTaken = this.batches.ask({ program, rows, answer });
      if (!isTaken)
        this.refuse(exchange, problem('overloaded', 'too many rows wait to be answered', 'ask again later'));
    });
  }

  private refuseMethod(exchange: Exchange, allowed: string): void {
    exchange.response.setHeader('Allow', allowed);
    this.refuse(exchange, problem('methodNotAllowed', `this path is asked with ${allowed}`, allowed));
  }

  private refuse(exchange: Exchange, { status, error }: Problem): void {
    const { response } = exchange;
    this.metrics.rejected(error.code);
    if (status === 503) response.setHeader('Retry-After', '1');
    // Nobody reads the rest of such a body.
    if (status === 413) response.setHeader('Connection', 'close');
    this.send(exchange, status, { error });
  }

  private send(exchange: Exchange, status: number, value: object): void {
    this.write(exchange, status, json, JSON.stringify(value));
  }

  private write(
    { request, response, route, began }: Exchange,
    status: number,
    type: string,
    text: string,
  ): void {
    this.metrics.answered(route, status, performance.now() - began);
    if (response.destroyed) return;
    if (this.closing) response.setHeader('Connection', 'close');
    response.statusCode = status;
    response.setHeader('Content-Type', type);
    response.setHeader('Content-Length', Buffer.byteLength(text));
    response.end(request.method === 'HEAD' ? undefined : text);
  }
}

const isRows = (value: readonly unknown[] | Problem): value is readonly unknown[] => Array.isArray(value);
