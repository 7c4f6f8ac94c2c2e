// What to tell a person about a failed call.
import { ApiError } from '@/api/http';
import { text } from '@/text';

export interface Told {
  message: string;
  /** Request id to quote to the operator; null when it would not help. */
  reference: string | null;
}

export function tell(error: unknown): Told {
  if (!(error instanceof ApiError)) return { message: text.problemUnknown, reference: null };
  const own = text.problems[error.code];
  const message = own ?? (error.message !== error.code ? error.message : text.problemUnknown);
  return { message, reference: error.status >= 500 ? error.requestId : null };
}

/** The sentence for one field of a form, from the faults the server listed. */
export function faultOf(error: unknown, field: string): string | null {
  if (!(error instanceof ApiError)) return null;
  return error.faults.find((fault) => fault.field === field)?.detail ?? null;
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.code === code;
}
