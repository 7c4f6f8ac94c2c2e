// What a leased number means to the person who looks at it.
import type { LeasedNumber, Message } from '@/api/types';
import { text } from '@/text';
import { isZero, money } from './money';

export type Tone = 'wait' | 'good' | 'quiet' | 'bad';

const OPEN: ReadonlySet<string> = new Set(['reserved', 'active', 'cancelling']);

export function isOpen(number: LeasedNumber): boolean {
  return OPEN.has(number.state);
}

/** The newest message, if any. */
export function lastMessage(number: LeasedNumber): Message | null {
  return number.messages.at(-1) ?? null;
}

/** The code of the newest message that has one. */
export function lastCode(number: LeasedNumber): string | null {
  return number.messages.findLast((message) => message.code !== null)?.code ?? number.code;
}

/** awaited: the person asked for one more SMS, which has not come yet. */
export function stateText(number: LeasedNumber, awaited = false): string {
  const words = text.numbers.state;
  if (number.state !== 'active') return words[number.state];
  if (awaited) return words.waitingMore;
  if (lastCode(number) !== null) return words.received;
  return number.messages.length > 0 ? words.message : words.waiting;
}

export function stateTone(number: LeasedNumber, awaited = false): Tone {
  if (number.state === 'failed') return 'bad';
  if (number.state === 'completed') return 'good';
  if (!isOpen(number)) return 'quiet';
  return number.messages.length > 0 && !awaited ? 'good' : 'wait';
}

/** Where the money of a number is: held, charged or returned. */
export function moneyText(number: LeasedNumber, currency: string): string {
  if (!isZero(number.charged)) return text.numbers.charged(money(number.charged, currency));
  const price = money(number.price, currency);
  return isOpen(number) ? text.numbers.held(price) : text.numbers.returned(price);
}
