// Server time, so that a countdown is right on a computer whose clock is wrong.
//
// A Date header says that the server's clock stood in [date, date + 1 s) at some moment between sending and
// receiving. Each answer therefore bounds the offset (server minus local); the bounds of many answers narrow it.

let low = Number.NEGATIVE_INFINITY;
let high = Number.POSITIVE_INFINITY;

/** Takes the Date header of an answer; the local times of sending and receiving in ms. */
export function observeServerDate(header: string | null, sentAt: number, receivedAt: number): void {
  const date = header === null ? Number.NaN : Date.parse(header);
  if (!Number.isFinite(date)) return;
  const atLeast = date - receivedAt;
  const atMost = date + 1000 - sentAt;
  // No common value: one of the clocks was set meanwhile, what was known before is worth nothing.
  const contradiction = atLeast > high || atMost < low;
  low = contradiction ? atLeast : Math.max(low, atLeast);
  high = contradiction ? atMost : Math.min(high, atMost);
}

/** Server minus local time in ms; 0 until an answer came. */
export function serverOffset(): number {
  return Number.isFinite(low) && Number.isFinite(high) ? (low + high) / 2 : 0;
}

/** Now, by the server's clock, in ms since the epoch. */
export function serverNow(): number {
  return Date.now() + serverOffset();
}

/** Whole seconds until an RFC 3339 time, never negative; 0 for none. */
export function secondsUntil(time: string | null, now: number): number {
  const at = time === null ? Number.NaN : Date.parse(time);
  return Number.isFinite(at) ? Math.max(0, Math.ceil((at - now) / 1000)) : 0;
}

/** 65 → "1:05", 3700 → "1:01:40". */
export function clockText(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = seconds % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function resetClockForTest(): void {
  low = Number.NEGATIVE_INFINITY;
  high = Number.POSITIVE_INFINITY;
}
