// The one place that calls fetch. It turns every failure into an ApiError and feeds the server clock.
import type { FieldFault, Problem } from './types';
import { observeServerDate } from '@/lib/clock';

export class ApiError extends Error {
  readonly status: number;
  /** Stable code of the problem, or "network" when no answer came. */
  readonly code: string;
  readonly title: string;
  readonly requestId: string | null;
  readonly faults: readonly FieldFault[];
  /** Seconds the server asked to wait. */
  readonly retryAfter: number | null;

  constructor(problem: Partial<Problem> & { status: number; code: string }, retryAfter: number | null = null) {
    super(problem.detail || problem.title || problem.code);
    this.name = 'ApiError';
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title ?? '';
    this.requestId = problem.instance ?? null;
    this.faults = problem.errors ?? [];
    this.retryAfter = retryAfter;
  }

  /** The answer is known: the same request, repeated, would be refused again. */
  get definitive(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 425 && this.status !== 429;
  }
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface CallOptions {
  body?: unknown;
  token?: string | null;
  idempotencyKey?: string;
  signal?: AbortSignal | undefined;
}

export interface Answer<T> {
  status: number;
  data: T;
}

const BASE = '/api';

export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const sentAt = Date.now();
  const response = await send(method, path, options);
  observeServerDate(response.headers.get('date'), sentAt, Date.now());
  if (!response.ok) throw await problemOf(response);
  const data = response.status === 204 ? undefined : await bodyOf(response);
  return { status: response.status, data: data as T };
}

async function send(method: Method, path: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.token) headers['authorization'] = `Bearer ${options.token}`;
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
  const init: RequestInit = { method, headers, cache: 'no-cache', credentials: 'same-origin', redirect: 'error' };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.signal) init.signal = options.signal;
  try {
    return await fetch(BASE + path, init);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError({ status: 0, code: 'network' });
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new ApiError({ status: 0, code: 'network' });
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const after = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  const retryAfter = Number.isFinite(after) ? after : null;
  let problem: Partial<Problem> = {};
  try {
    problem = (await response.json()) as Partial<Problem>;
  } catch {
    // A proxy answered with something else than a problem; its status says enough.
  }
  const code = problem.code ?? `http_${response.status}`;
  return new ApiError({ ...problem, status: response.status, code }, retryAfter);
}
