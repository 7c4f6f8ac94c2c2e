'use client';
import { useRef, useState, type FormEvent } from 'react';
import * as api from '@/api/client';
import type { NewWebhook } from '@/api/types';
import { faultOf } from '@/lib/problem';
import { useLoad } from '@/state/use';
import { text } from '@/text';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { Field } from '@/ui/field';
import { Empty, Failure, Waiting } from '@/ui/notice';
import { Once } from '@/ui/once';
import styles from './keys.module.css';

const words = text.api;

function AddWebhook({ onCreated }: { onCreated: (hook: NewWebhook) => void }) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const url = useRef<HTMLInputElement>(null);

  async function add(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const value = url.current?.value.trim() ?? '';
    const good = URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
    setError(null);
    setFault(good ? null : words.urlBad);
    if (!good) return url.current?.focus();
    setBusy(true);
    try {
      onCreated(await api.addWebhook(value));
      form.reset();
    } catch (failure) {
      setFault(faultOf(failure, 'url'));
      setError(faultOf(failure, 'url') ? null : failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} method="post" noValidate onSubmit={add}>
      <Field
        ref={url}
        label={words.url}
        name="url"
        type="url"
        inputMode="url"
        placeholder={words.urlPlaceholder}
        maxLength={512}
        autoComplete="off"
        fault={fault}
      />
      {error ? <Failure error={error} /> : null}
      <p>
        <Button type="submit" busy={busy}>
          {words.addHook}
        </Button>
      </p>
    </form>
  );
}

export function Webhooks() {
  const { data, error, reload } = useLoad(async () => (await api.webhooks()).data);
  const [created, setCreated] = useState<NewWebhook | null>(null);
  const [refused, setRefused] = useState<unknown>(null);

  async function remove(id: string): Promise<void> {
    setRefused(null);
    await api.removeWebhook(id).catch(setRefused);
    if (created?.id === id) setCreated(null);
    await reload();
  }

  return (
    <Card title={words.hooksTitle} lead={words.hooksLead}>
      <div className={styles.body}>
        {created ? (
          <Once title={words.secretTitle} hint={words.secretText} secret={created.secret} copyLabel={words.copySecret} onDone={() => setCreated(null)} />
        ) : (
          <AddWebhook
            onCreated={(hook) => {
              setCreated(hook);
              void reload();
            }}
          />
        )}
        {refused ? <Failure error={refused} /> : null}
        {error ? <Failure error={error} retry={() => void reload()} /> : null}
        {!data && !error ? <Waiting rows={1} /> : null}
        {data && data.length === 0 ? <Empty title={words.noHooks} /> : null}
        {data && data.length > 0 ? (
          <ul className={styles.list}>
            {data.map((hook) => (
              <li key={hook.id} className={styles.row}>
                <div className={styles.about}>
                  <p className={styles.url}>{hook.url}</p>
                  <Badge tone={hook.enabled ? 'good' : 'quiet'}>{hook.enabled ? words.hookOn : words.hookOff}</Badge>
                </div>
                <Confirm
                  label={words.remove}
                  spoken={words.removeName(hook.url)}
                  consequence={words.removeSure}
                  yes={words.removeYes}
                  onYes={() => remove(hook.id)}
                />
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </Card>
  );
}
