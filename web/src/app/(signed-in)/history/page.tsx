import type { Metadata } from 'next';
import { text } from '@/text';
import { HistoryPage } from './history-page';

export const metadata: Metadata = { title: text.history.title };

export default function Page() {
  return <HistoryPage />;
}
