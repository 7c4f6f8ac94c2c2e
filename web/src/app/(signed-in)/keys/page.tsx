import type { Metadata } from 'next';
import { text } from '@/text';
import { KeysPage } from './keys-page';

export const metadata: Metadata = { title: text.api.title };

export default function Page() {
  return <KeysPage />;
}
