// Copies a text and says that it did, in place.
'use client';
import { useEffect, useState } from 'react';
import { announce } from '@/state/announce';
import { text } from '@/text';
import { Button, type ButtonKind } from './button';
import { Icon } from './icon';

interface Props {
  value: string;
  label: string;
  /** What is read aloud when the visible label is too short to stand alone. */
  spoken?: string;
  kind?: ButtonKind;
  size?: 'small' | 'normal' | 'large';
}

const SHOWN_MS = 1_800;

export async function copyText(value: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value);
    announce(text.numbers.copied);
    return true;
  } catch {
    announce(text.numbers.copyFailed);
    return false;
  }
}

export function CopyButton({ value, label, spoken, kind = 'plain', size = 'small' }: Props) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (!outcome) return undefined;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const said = outcome === 'copied' ? text.numbers.copied : outcome === 'failed' ? text.numbers.copyFailed : label;
  return (
    <Button
      kind={kind}
      size={size}
      aria-label={outcome ? undefined : spoken}
      onClick={async () => setOutcome((await copyText(value)) ? 'copied' : 'failed')}
    >
      {kind === 'quiet' && !outcome ? null : <Icon name={outcome === 'copied' ? 'check' : 'copy'} />}
      {said}
    </Button>
  );
}
