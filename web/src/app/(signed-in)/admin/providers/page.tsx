import type { Metadata } from 'next';
import { text } from '@/text';
import { ProvidersPage } from './providers-page';

export const metadata: Metadata = { title: text.admin.title };

export default function Page() {
  return <ProvidersPage />;
}
