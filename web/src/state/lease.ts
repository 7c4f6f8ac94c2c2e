// Buying. One Idempotency-Key per intent: kept while the outcome is not known, so that a second press repeats the
// same purchase and never makes another one.
'use client';
import * as api from '@/api/client';
import { ApiError } from '@/api/http';
import type { LeaseRequest, LeasedNumber } from '@/api/types';
import { putNumber } from './numbers';
import { refreshWallet } from './wallet';

const keys = new Map<string, string>();
/** Purchases by a quote whose outcome is not known. A newer quote must not make another purchase of one of them. */
const unsure = new Map<string, LeaseRequest>();

function placeOf(request: LeaseRequest): string {
  return [request.service, request.country, request.operator ?? ''].join(' ');
}

function intentOf(request: LeaseRequest): string {
  return [placeOf(request), request.max_price ?? '', request.quote ?? ''].join(' ');
}

/** True when the outcome of this failure is known, so that the next press is a new purchase. */
function isSettled(error: unknown): boolean {
  return error instanceof ApiError && error.definitive && error.code !== 'idempotency_key_in_use' && error.status !== 401;
}

export async function leaseNumber(asked: LeaseRequest): Promise<LeasedNumber> {
  const place = placeOf(asked);
  const request = (asked.quote && unsure.get(place)) || asked;
  const intent = intentOf(request);
  const key = keys.get(intent) ?? crypto.randomUUID();
  keys.set(intent, key);
  if (request.quote) unsure.set(place, request);
  try {
    const { data } = await api.lease(request, key);
    keys.delete(intent);
    unsure.delete(place);
    putNumber(data);
    return data;
  } catch (error) {
    if (isSettled(error)) {
      keys.delete(intent);
      unsure.delete(place);
    }
    void refreshWallet();
    throw error;
  }
}
