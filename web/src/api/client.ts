// One function per operation of the API. A POST is repeated only after a 401 (it was refused before it did anything).
import { ApiError, call, type Answer, type CallOptions, type Method } from './http';
import { accessToken, refresh } from './session';
import type {
  ApiKey,
  Country,
  KeyKind,
  LeaseRequest,
  LeasedNumber,
  List,
  NewApiKey,
  NewWebhook,
  NumberState,
  Offer,
  Page,
  Provider,
  Quote,
  QuoteRequest,
  Redeemed,
  Service,
  Transaction,
  Wallet,
  Webhook,
} from './types';

type Options = Omit<CallOptions, 'token'>;

async function authorised<T>(method: Method, path: string, options: Options = {}): Promise<Answer<T>> {
  const token = await accessToken();
  try {
    return await call<T>(method, path, { ...options, token });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    // Another call may have renewed the token while this one was under way.
    if ((await accessToken()) === token && !(await refresh())) throw error;
    return call<T>(method, path, { ...options, token: await accessToken() });
  }
}

async function data<T>(method: Method, path: string, options?: Options): Promise<T> {
  return (await authorised<T>(method, path, options)).data;
}

function query(members: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) if (value != null && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text ? `?${text}` : '';
}

const id = encodeURIComponent;

export const wallet = (): Promise<Wallet> => data('GET', '/wallet');

export const transactions = (filter: { limit?: number; cursor?: string | null }, signal?: AbortSignal): Promise<Page<Transaction>> =>
  data('GET', `/wallet/transactions${query(filter)}`, { signal });
export const redeem = (code: string, idempotencyKey: string): Promise<Redeemed> =>
  data('POST', '/wallet/redeem', { body: { code }, idempotencyKey });

export const services = (): Promise<List<Service>> => data('GET', '/services');
export const countries = (): Promise<List<Country>> => data('GET', '/countries');
export const offers = (service: string, signal?: AbortSignal): Promise<List<Offer>> =>
  data('GET', `/offers${query({ service })}`, { signal });

export const quote = (request: QuoteRequest, signal?: AbortSignal): Promise<Quote> => data('POST', '/quotes', { body: request, signal });
export const lease = (request: LeaseRequest, idempotencyKey: string): Promise<Answer<LeasedNumber>> =>
  authorised('POST', '/numbers', { body: request, idempotencyKey });
export const numbers = (
  filter: { state?: NumberState | null; limit?: number; cursor?: string | null },
  signal?: AbortSignal,
): Promise<Page<LeasedNumber>> => data('GET', `/numbers${query(filter)}`, { signal });
/** With wait, the server answers when the number changes or after that many seconds. */
export const number = (which: string, wait?: number, signal?: AbortSignal): Promise<LeasedNumber> =>
  data('GET', `/numbers/${id(which)}${query({ wait })}`, { signal });
export type NumberAction = 'cancel' | 'finish' | 'resend';
export const act = (which: string, action: NumberAction): Promise<LeasedNumber> =>
  data('POST', `/numbers/${id(which)}/${action}`);

export const keys = (): Promise<List<ApiKey>> => data('GET', '/keys');
export const addKey = (name: string, kind: KeyKind): Promise<NewApiKey> =>
  data('POST', '/keys', { body: { name, kind } });
export const removeKey = (which: string): Promise<void> => data('DELETE', `/keys/${id(which)}`);

export const webhooks = (): Promise<List<Webhook>> => data('GET', '/webhooks');
export const addWebhook = (url: string): Promise<NewWebhook> => data('POST', '/webhooks', { body: { url } });
export const removeWebhook = (which: string): Promise<void> => data('DELETE', `/webhooks/${id(which)}`);

export const providers = (): Promise<List<Provider>> => data('GET', '/admin/providers');
export const switchProvider = (name: string, enabled: boolean): Promise<Provider> =>
  data('PATCH', `/admin/providers/${id(name)}`, { body: { enabled } });
