// Services and countries: loaded once per visit, the same for every page.
'use client';
import { useEffect, useSyncExternalStore } from 'react';
import * as api from '@/api/client';
import type { Country, Service } from '@/api/types';
import { store } from './store';

export interface Catalogue {
  services: readonly Service[];
  countries: readonly Country[];
  service: ReadonlyMap<string, Service>;
  country: ReadonlyMap<string, Country>;
}

interface State {
  catalogue: Catalogue | null;
  error: unknown;
}

const EMPTY: State = { catalogue: null, error: null };
const state = store<State>(EMPTY);
let loading: Promise<void> | null = null;

const byCode = <T extends { code: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.code, item]));

async function load(): Promise<void> {
  try {
    const [services, countries] = await Promise.all([api.services(), api.countries()]);
    const catalogue = {
      services: services.data,
      countries: countries.data,
      service: byCode(services.data),
      country: byCode(countries.data),
    };
    state.set({ catalogue, error: null });
  } catch (error) {
    state.set({ catalogue: null, error });
  }
}

export function loadCatalogue(): Promise<void> {
  loading ??= load().finally(() => {
    loading = null;
  });
  return loading;
}

export function useCatalogue(): State {
  useEffect(() => {
    if (!state.get().catalogue) void loadCatalogue();
  }, []);
  return useSyncExternalStore(state.subscribe, state.get, () => EMPTY);
}

/** Names for codes, falling back to the code itself. */
export function serviceName(catalogue: Catalogue | null, code: string): string {
  return catalogue?.service.get(code)?.name ?? code;
}

export function countryName(catalogue: Catalogue | null, code: string): string {
  return catalogue?.country.get(code)?.name ?? code.toUpperCase();
}

export function dialOf(catalogue: Catalogue | null, code: string): string {
  return catalogue?.country.get(code)?.dial ?? '';
}
