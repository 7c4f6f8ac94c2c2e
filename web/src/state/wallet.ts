// The wallet as the server last told it. Never guessed: after a purchase it is asked again.
'use client';
import { useSyncExternalStore } from 'react';
import * as api from '@/api/client';
import type { Wallet } from '@/api/types';
import { store } from './store';

export interface WalletState {
  wallet: Wallet | null;
  error: unknown;
}

const EMPTY: WalletState = { wallet: null, error: null };
const state = store<WalletState>(EMPTY);
let asked = 0;

export async function refreshWallet(): Promise<void> {
  asked += 1;
  const mine = asked;
  try {
    const wallet = await api.wallet();
    if (mine === asked) state.set({ wallet, error: null });
  } catch (error) {
    if (mine === asked) state.set({ wallet: state.get().wallet, error });
  }
}

export function forgetWallet(): void {
  asked += 1;
  state.set(EMPTY);
}

export function useWallet(): WalletState {
  return useSyncExternalStore(state.subscribe, state.get, () => EMPTY);
}
