import type { Metadata } from 'next';
import { text } from '@/text';
import { BuyPage } from './buy-page';

export const metadata: Metadata = { title: text.buy.title };

export default function Page() {
  return <BuyPage />;
}
