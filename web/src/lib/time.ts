// Moments for the eye, in the reader's own zone and manner.
import { text } from '@/text';

const dayAndTime = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const withYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit',
});

export function moment(time: string, now: number): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  return at.getFullYear() === new Date(now).getFullYear() ? dayAndTime.format(at) : withYear.format(at);
}

/** "just now", "5 min ago", "3 h ago", then the day. */
export function ago(time: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(time)) / 60_000);
  if (!Number.isFinite(minutes)) return time;
  if (minutes < 1) return text.time.now;
  if (minutes < 60) return text.time.minutes(minutes);
  return minutes < 24 * 60 ? text.time.hours(Math.floor(minutes / 60)) : moment(time, now);
}
