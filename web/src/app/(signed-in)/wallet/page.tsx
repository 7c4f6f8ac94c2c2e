import type { Metadata } from 'next';
import { text } from '@/text';
import { WalletPage } from './wallet-page';

export const metadata: Metadata = { title: text.wallet.title };

export default function Page() {
  return <WalletPage />;
}
