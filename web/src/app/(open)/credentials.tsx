// E-mail and password: the same form signs in and signs up.
'use client';
import Link from 'next/link';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { ApiError } from '@/api/http';
import { login, register } from '@/api/session';
import { faultOf } from '@/lib/problem';
import { text } from '@/text';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Failure } from '@/ui/notice';
import styles from './credentials.module.css';

interface Faults {
  email?: string | null;
  password?: string | null;
}

const MIN_PASSWORD = 12;

/** What can be said without the server. The server decides. */
function check(purpose: 'login' | 'register', email: string, password: string): Faults {
  const faults: Faults = {};
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) faults.email = text.auth.badEmail;
  if (password === '') faults.password = text.auth.noPassword;
  else if (purpose === 'register' && [...password].length < MIN_PASSWORD) faults.password = text.auth.shortPassword;
  return faults;
}

export function Credentials({ purpose }: { purpose: 'login' | 'register' }) {
  const signUp = purpose === 'register';
  const [faults, setFaults] = useState<Faults>({});
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [ready, setReady] = useState(false);
  const [shown, setShown] = useState(false);
  const emailBox = useRef<HTMLInputElement>(null);
  const passwordBox = useRef<HTMLInputElement>(null);

  useEffect(() => {
    setReady(true);
    emailBox.current?.focus();
  }, []);

  function refuse(found: Faults): void {
    setFaults(found);
    (found.email ? emailBox : passwordBox).current?.focus();
  }

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const email = emailBox.current?.value.trim() ?? '';
    const password = passwordBox.current?.value ?? '';
    setError(null);
    const found = check(purpose, email, password);
    if (found.email || found.password) return refuse(found);
    setFaults({});
    setBusy(true);
    try {
      await (signUp ? register : login)(email, password);
    } catch (failure) {
      setBusy(false);
      const told = { email: faultOf(failure, 'email'), password: faultOf(failure, 'password') };
      if (told.email || told.password) return refuse(told);
      if (failure instanceof ApiError && failure.code === 'email_taken') return refuse({ email: text.problems['email_taken']! });
      setError(failure);
    }
  }

  return (
    <div className={styles.place}>
      <form className={styles.form} method="post" noValidate onSubmit={submit} aria-labelledby="title">
        <div>
          <h1 id="title">{signUp ? text.auth.signUpTitle : text.auth.signInTitle}</h1>
          <p className={styles.lead}>{signUp ? text.auth.signUpLead : text.auth.signInLead}</p>
        </div>
        {error ? <Failure error={error} /> : null}
        <Field
          ref={emailBox}
          label={text.auth.email}
          name="email"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={254}
          fault={faults.email ?? null}
        />
        <Field
          ref={passwordBox}
          label={text.auth.password}
          name="password"
          type={shown ? 'text' : 'password'}
          autoComplete={signUp ? 'new-password' : 'current-password'}
          autoCapitalize="none"
          spellCheck={false}
          required
          fault={faults.password ?? null}
          {...(signUp ? { hint: text.auth.passwordHint } : {})}
          end={
            <Button kind="quiet" size="small" aria-pressed={shown} aria-label={text.auth.showPassword} onClick={() => setShown(!shown)}>
              {shown ? text.auth.hide : text.auth.show}
            </Button>
          }
        />
        <Button kind="primary" size="large" type="submit" wide busy={busy} off={!ready}>
          {signUp ? text.auth.signUp : text.auth.signIn}
        </Button>
        <p className={styles.other}>
          {signUp ? text.auth.haveAccount : text.auth.noAccount}{' '}
          <Link href={signUp ? '/login/' : '/register/'}>{signUp ? text.auth.signIn : text.auth.signUp}</Link>
        </p>
      </form>
    </div>
  );
}
