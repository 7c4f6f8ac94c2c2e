// The JSON of /api as the page uses it. Money is a decimal string, time is RFC 3339, phones are E.164 with "+".

export type Role = 'user' | 'admin';

export interface User {
  id: string;
  email: string;
  role: Role;
  created_at: string;
}

/** Answer of register, login and refresh. The refresh token travels in an HttpOnly cookie beside it. */
export interface Session {
  user: User;
  access_token: string;
  token_type: 'Bearer';
  /** Seconds the access token lives from the moment of the answer. */
  expires_in: number;
}

export interface List<T> {
  data: T[];
}

export interface Page<T> extends List<T> {
  next_cursor: string | null;
}

export interface Wallet {
  currency: string;
  /** All that can be spent, the bonus included. */
  available: string;
  bonus: string;
  held: string;
}

export type TransactionKind = 'deposit' | 'bonus' | 'adjust' | 'hold' | 'capture' | 'rest' | 'release';

export interface Transaction {
  id: number;
  kind: TransactionKind;
  /** Change of what is available; balance is what was available afterwards. */
  amount: string;
  /** Change of what is set aside. */
  held: string;
  balance: string;
  bonus: boolean;
  number_id: string | null;
  reason: string;
  created_at: string;
}

export interface Redeemed {
  transaction_id: number;
  kind: 'cash' | 'bonus';
  amount: string;
  redeemed_at: string;
}

export interface Service {
  code: string;
  name: string;
  category: string;
}

export interface Country {
  /** ISO 3166 alpha-2, lower case. */
  code: string;
  name: string;
  /** Country calling code without "+". */
  dial: string;
}

/** Best offer of a service in a country and operator ("any": whichever); the price is what the user pays. */
export interface Offer {
  service: string;
  country: string;
  operator: string;
  price: string;
  stock: number;
  seen_at: string;
}

export type NumberState =
  | 'reserved'
  | 'active'
  | 'completed'
  | 'cancelling'
  | 'cancelled'
  | 'expired'
  | 'failed';

export interface Message {
  sender: string;
  text: string;
  code: string | null;
  received_at: string;
}

export interface LeasedNumber {
  id: string;
  number: number;
  service: string;
  country: string;
  operator: string;
  phone: string | null;
  state: NumberState;
  price: string;
  charged: string;
  code: string | null;
  messages: Message[];
  created_at: string;
  expires_at: string | null;
  cancel_available_at: string | null;
  closed_at: string | null;
}

export interface LeaseRequest {
  service: string;
  country: string;
  operator?: string;
  /** The price on the button: the lease may cost less, never more. */
  max_price?: string;
  /** Of POST /quotes: its price is held and the most that is charged. */
  quote?: string;
}

/** A price that is kept until it expires, for one purchase. */
export interface Quote {
  id: string;
  quote: string;
  service: string;
  country: string;
  operator: string;
  price: string;
  currency: string;
  expires_at: string;
}

export type QuoteRequest = Pick<LeaseRequest, 'service' | 'country' | 'operator'>;

export type KeyKind = 'live' | 'compat';

export interface ApiKey {
  id: string;
  name: string;
  kind: KeyKind;
  prefix: string;
  created_at: string;
  last_used_at: string | null;
}

/** Answer of creation: the only time the key itself is seen. */
export interface NewApiKey extends ApiKey {
  key: string;
}

export interface Webhook {
  id: string;
  url: string;
  enabled: boolean;
}

/** Answer of creation: the only time the signing secret is seen. */
export interface NewWebhook extends Webhook {
  secret: string;
}

export type ProviderState = 'unknown' | 'up' | 'degraded' | 'down';

export interface Provider {
  name: string;
  dialect: string;
  enabled: boolean;
  state: ProviderState;
  /** Meaningless while it is not known. */
  balance: string;
  balance_known: boolean;
  currency: string;
  /** Offers in stock. */
  offers: number;
  last_ok_at: string | null;
  last_error: string | null;
}

export interface FieldFault {
  field: string;
  code: string;
  detail: string;
}

/** RFC 9457 with a stable code; instance is the request id. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  instance?: string;
  errors?: FieldFault[];
}
