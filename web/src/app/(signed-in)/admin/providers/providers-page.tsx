'use client';
import { useState } from 'react';
import * as api from '@/api/client';
import type { Provider, ProviderState } from '@/api/types';
import { money } from '@/lib/money';
import type { Tone } from '@/lib/number';
import { ago } from '@/lib/time';
import { announce } from '@/state/announce';
import { useEvery, useLoad, useServerNow, useSession } from '@/state/use';
import { text } from '@/text';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { PageHead } from '@/ui/card';
import { Empty, Failure, Notice, Waiting } from '@/ui/notice';
import { Switch } from '@/ui/switch';
import styles from './providers.module.css';

const words = text.admin;
const EVERY_MS = 10_000;

const TONES: Record<ProviderState, Tone> = { unknown: 'quiet', up: 'good', degraded: 'wait', down: 'bad' };

function toneOf(provider: Provider): Tone {
  return provider.enabled ? TONES[provider.state] : 'quiet';
}

function stateOf(provider: Provider): string {
  return provider.enabled ? words.states[provider.state] : words.off;
}

function Row({ provider, onChange }: { provider: Provider; onChange: (next: Provider) => void }) {
  const now = useServerNow();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function turn(on: boolean): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      const next = await api.switchProvider(provider.name, on);
      onChange(next);
      announce(next.enabled ? words.switchedOn(next.name) : words.switchedOff(next.name));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <tr data-provider={provider.name} data-enabled={provider.enabled}>
        <th scope="row">
          {provider.name}
          <span className={styles.dialect}>{provider.dialect}</span>
        </th>
        <td data-label={words.state}>
          <Badge tone={toneOf(provider)}>{stateOf(provider)}</Badge>
        </td>
        <td data-label={words.balance} className={styles.number}>
          {provider.balance_known ? money(provider.balance, provider.currency) : '–'}
        </td>
        <td data-label={words.offers} className={styles.number}>
          {provider.offers.toLocaleString('en')}
        </td>
        <td data-label={words.lastOk}>{provider.last_ok_at ? ago(provider.last_ok_at, now) : words.never}</td>
        <td data-label={words.lastError} className={styles.error}>
          {provider.last_error ?? words.noError}
        </td>
        <td data-label={words.enabled} className={styles.switch}>
          <Switch label={words.switchName(provider.name)} on={provider.enabled} busy={busy} onTurn={turn} />
        </td>
      </tr>
      {error ? (
        <tr>
          <td colSpan={7}>
            <Failure error={error} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Table({ providers, onChange }: { providers: readonly Provider[]; onChange: (next: Provider) => void }) {
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{words.title}</caption>
      <thead>
        <tr>
          <th scope="col">{words.provider}</th>
          <th scope="col">{words.state}</th>
          <th scope="col" className={styles.number}>
            {words.balance}
          </th>
          <th scope="col" className={styles.number}>
            {words.offers}
          </th>
          <th scope="col">{words.lastOk}</th>
          <th scope="col">{words.lastError}</th>
          <th scope="col" className={styles.switch}>
            {words.enabled}
          </th>
        </tr>
      </thead>
      <tbody>
        {providers.map((provider) => (
          <Row key={provider.name} provider={provider} onChange={onChange} />
        ))}
      </tbody>
    </table>
  );
}

function Providers() {
  const { data, error, reload, set } = useLoad(async () => (await api.providers()).data);
  useEvery(EVERY_MS, reload);
  const change = (next: Provider): void => set((all) => all.map((each) => (each.name === next.name ? next : each)));
  return (
    <>
      <PageHead title={words.title} lead={words.lead} end={<Button onClick={() => void reload()}>{words.refresh}</Button>} />
      <div className={styles.panel}>
        {error ? <Failure error={error} retry={() => void reload()} /> : null}
        {!data && !error ? <Waiting rows={3} /> : null}
        {data && data.length === 0 ? <Empty title={words.none}>{words.noneHint}</Empty> : null}
        {data && data.length > 0 ? <Table providers={data} onChange={change} /> : null}
      </div>
    </>
  );
}

export function ProvidersPage() {
  const { user } = useSession();
  return user?.role === 'admin' ? <Providers /> : <Notice tone="warn">{words.forbidden}</Notice>;
}
