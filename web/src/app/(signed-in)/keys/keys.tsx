'use client';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import * as api from '@/api/client';
import type { ApiKey, KeyKind, NewApiKey } from '@/api/types';
import { faultOf } from '@/lib/problem';
import { ago, moment } from '@/lib/time';
import { useLoad, useServerNow } from '@/state/use';
import { text } from '@/text';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { CodeSample } from '@/ui/code-sample';
import { Confirm } from '@/ui/confirm';
import { Field } from '@/ui/field';
import { Empty, Failure, Waiting } from '@/ui/notice';
import { Once } from '@/ui/once';
import styles from './keys.module.css';

const words = text.api;
const KINDS: readonly KeyKind[] = ['live', 'compat'];

function KeyRow({ entry, onRevoke }: { entry: ApiKey; onRevoke: () => Promise<void> }) {
  const now = useServerNow();
  return (
    <li className={styles.row} data-key={entry.id}>
      <div className={styles.about}>
        <p className={styles.name}>
          {entry.name} <span className={styles.kind}>{words.kinds[entry.kind].title}</span>
        </p>
        <p className={styles.facts}>
          <code>{entry.prefix}…</code>
          <span>
            {words.created} {moment(entry.created_at, now)}
          </span>
          <span>
            {words.used} {entry.last_used_at ? ago(entry.last_used_at, now) : words.never}
          </span>
        </p>
      </div>
      <Confirm label={words.revoke} spoken={words.revokeName(entry.name)} consequence={words.revokeSure} yes={words.revokeYes} onYes={onRevoke} />
    </li>
  );
}

function CreateKey({ onCreated }: { onCreated: (key: NewApiKey) => void }) {
  const [kind, setKind] = useState<KeyKind>('live');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const name = useRef<HTMLInputElement>(null);

  async function create(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const value = name.current?.value.trim() ?? '';
    setError(null);
    setFault(value === '' ? words.nameMissing : null);
    if (value === '') return name.current?.focus();
    setBusy(true);
    try {
      onCreated(await api.addKey(value, kind));
      form.reset();
    } catch (failure) {
      setFault(faultOf(failure, 'name'));
      setError(faultOf(failure, 'name') ? null : failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} method="post" noValidate onSubmit={create}>
      <Field ref={name} label={words.name} name="name" placeholder={words.namePlaceholder} maxLength={64} autoComplete="off" fault={fault} />
      <fieldset className={styles.kinds}>
        <legend>{words.kind}</legend>
        {KINDS.map((each) => (
          <label key={each} className={styles.choice}>
            <input type="radio" name="kind" value={each} checked={kind === each} onChange={() => setKind(each)} />
            <span>
              <b>{words.kinds[each].title}</b>
              {words.kinds[each].text}
            </span>
          </label>
        ))}
      </fieldset>
      {error ? <Failure error={error} /> : null}
      <p>
        <Button kind="primary" type="submit" busy={busy}>
          {words.create}
        </Button>
      </p>
    </form>
  );
}

function FirstRequest() {
  const [origin, setOrigin] = useState('https://numlease.example');
  useEffect(() => setOrigin(window.location.origin), []);
  const code = `curl ${origin}/api/v1/numbers \\
  -H "Authorization: Bearer $NUMLEASE_KEY" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -H "Content-Type: application/json" \\
  -d '{"service": "telegram", "country": "gb"}'`;
  return (
    <div className={styles.first}>
      <h3>{words.sampleTitle}</h3>
      <CodeSample label={words.sampleLabel} code={code} />
    </div>
  );
}

export function Keys() {
  const { data, error, reload } = useLoad(async () => (await api.keys()).data);
  const [created, setCreated] = useState<NewApiKey | null>(null);
  const [refused, setRefused] = useState<unknown>(null);

  async function revoke(id: string): Promise<void> {
    setRefused(null);
    await api.removeKey(id).catch(setRefused);
    if (created?.id === id) setCreated(null);
    await reload();
  }

  return (
    <Card title={words.keysTitle} lead={words.keysLead}>
      <div className={styles.body}>
        {created ? (
          <Once title={words.onceTitle} hint={words.onceText} secret={created.key} copyLabel={words.copyKey} onDone={() => setCreated(null)} />
        ) : (
          <CreateKey
            onCreated={(key) => {
              setCreated(key);
              void reload();
            }}
          />
        )}
        {refused ? <Failure error={refused} /> : null}
        {error ? <Failure error={error} retry={() => void reload()} /> : null}
        {!data && !error ? <Waiting rows={2} /> : null}
        {data && data.length === 0 ? <Empty title={words.noKeys} /> : null}
        {data && data.length > 0 ? (
          <ul className={styles.list}>
            {data.map((entry) => (
              <KeyRow key={entry.id} entry={entry} onRevoke={() => revoke(entry.id)} />
            ))}
          </ul>
        ) : null}
        <FirstRequest />
      </div>
    </Card>
  );
}
