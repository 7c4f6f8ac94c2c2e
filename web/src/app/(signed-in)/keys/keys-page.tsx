'use client';
import { text } from '@/text';
import { PageHead } from '@/ui/card';
import { Keys } from './keys';
import styles from './keys.module.css';
import { Webhooks } from './webhooks';

export function KeysPage() {
  return (
    <>
      <PageHead title={text.api.title} />
      <div className={styles.page}>
        <Keys />
        <Webhooks />
      </div>
    </>
  );
}
