// Buying. One Idempotency-Key per intent: kept while the outcome is not known, so that a second press repeats the
// same purchase and never makes another one.
'use client';
import * as api from '@/api/client';
import { ApiError } from '@/api/http';
import type { LeaseRequest, LeasedNumber } from '@/api/types';
import { putNumber } from './numbers';
import { refreshWallet } from './wallet';

const keys = new Map<string, string>();

function intentOf(request: LeaseRequest): string {
  return [request.service, request.country, request.operator ?? '', request.max_price ?? ''].join(' ');
}

/** True when the outcome of this failure is known, so that the next press is a new purchase. */
function isSettled(error: unknown): boolean {
  return error instanceof ApiError && error.definitive && error.code !== 'idempotency_key_in_use' && error.status !== 401;
}

export async function leaseNumber(request: LeaseRequest): Promise<LeasedNumber> {
  const intent = intentOf(request);
  const key = keys.get(intent) ?? crypto.randomUUID();
  keys.set(intent, key);
  try {
    const { data } = await api.lease(request, key);
    keys.delete(intent);
    putNumber(data);
    return data;
  } catch (error) {
    if (isSettled(error)) keys.delete(intent);
    void refreshWallet();
    throw error;
  }
}
